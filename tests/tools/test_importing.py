"""bin/import before it speaks to a chat."""

from pathlib import Path

import pytest

from tools import importing


def test_the_report_never_overwrites_what_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, other = tmp_path / "chat.zip", tmp_path / "same.zip"
    archive.write_bytes(b"PK")
    other.symlink_to(archive)
    for report in (archive, other):
        with pytest.raises(SystemExit) as ended:
            importing.main(["http://127.0.0.1:9", str(archive), "--report", str(report)])
        assert ended.value.code == 2
        assert "--report would overwrite the file that is imported" in capsys.readouterr().err
    assert archive.read_bytes() == b"PK"

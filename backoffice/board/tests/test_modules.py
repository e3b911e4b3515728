"""The JavaScript modules of the board, as they are served."""

import re
import shutil
from pathlib import Path

import pytest

import backoffice
from core.static_files import HashedAndCompressed, HashedWhereCollected

MODULES = Path(backoffice.__file__).parent / "static/backoffice/board"
IMPORT = re.compile(r'from "\./([^"]+)"')


@pytest.mark.parametrize("backend", [HashedAndCompressed, HashedWhereCollected])
def test_modules_import_each_other_under_hashed_names(backend, tmp_path):
    shutil.copytree(MODULES, tmp_path / "backoffice/board")
    storage = backend(location=tmp_path, base_url="/static/")
    names = [f"backoffice/board/{path.name}" for path in MODULES.glob("*.js")]
    processed = list(storage.post_process({name: (storage, name) for name in names}))
    assert not [result for _, _, result in processed if isinstance(result, Exception)]
    for path in MODULES.glob("*.js"):
        served = (tmp_path / storage.stored_name(f"backoffice/board/{path.name}")).read_text()
        imported = [f"backoffice/board/{name}" for name in IMPORT.findall(path.read_text())]
        hashed = [f"backoffice/board/{name}" for name in IMPORT.findall(served)]
        assert hashed == [storage.stored_name(name) for name in imported]
        assert not set(hashed) & set(imported)

import sys

import pytest

from gateway.errors import BadSettings, NoSuchAdapter, TwicePacked
from gateway.packs import OWN, find_packs, load_functions


def write(root, *paths, text="x: y\n"):
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def test_a_pack_is_found_by_its_files(tmp_path):
    write(
        tmp_path,
        "adapters/provinces/zz.yaml",
        "adapters/targets/elsewhere.yaml",
        "mappings/provinces/zz/manifests.yaml",
        "mappings/provinces/zz/tracks.yaml",
        "mappings/provinces/zz/_shared.yaml",
        "mappings/provinces/zz/out/manifests.yaml",
    )
    packs = find_packs([tmp_path])
    found = packs.province("zz")
    assert sorted(found.mappings) == ["manifests", "tracks"]
    assert found.outward == {"manifests": tmp_path / "mappings/provinces/zz/out/manifests.yaml"}
    assert found.shared == tmp_path / "mappings/provinces/zz/_shared.yaml"
    assert found.module is None
    assert packs.targets["elsewhere"].file == tmp_path / "adapters/targets/elsewhere.yaml"


def test_our_own_pack_is_found_by_the_same_code():
    assert find_packs() == find_packs([OWN]).__class__(
        find_packs([OWN]).provinces, find_packs([OWN]).targets, folders=()
    )


def test_finding_reads_no_file(tmp_path):
    write(tmp_path, "adapters/provinces/zz.yaml", text="{broken")
    assert find_packs([tmp_path]).province("zz").id == "zz"


def test_two_packs_of_one_id_are_refused(tmp_path):
    write(tmp_path / "a", "adapters/provinces/zz.yaml")
    write(tmp_path / "b", "adapters/provinces/zz.yaml")
    with pytest.raises(TwicePacked, match=r"a/adapters.*b/adapters"):
        find_packs([tmp_path / "a", tmp_path / "b"])


def test_a_folder_that_is_no_pack_is_refused(tmp_path):
    with pytest.raises(BadSettings, match="is no pack"):
        find_packs([tmp_path])


def test_an_unknown_adapter_is_told_with_those_that_are_known(tmp_path):
    write(tmp_path, "adapters/provinces/zz.yaml")
    with pytest.raises(NoSuchAdapter, match=r"'yy'.*zz"):
        find_packs([tmp_path]).province("yy")


def test_a_packs_python_is_loaded_under_a_private_name(tmp_path):
    write(tmp_path, "adapters/provinces/json.yaml")
    write(
        tmp_path,
        "adapters/provinces/json.py",
        text="from textwrap import dedent\ndef step(text): return _inner(text)\ndef _inner(text): return text[::-1]\n",
    )
    functions = load_functions(find_packs([tmp_path]).province("json"))
    assert list(functions) == ["step"]
    assert functions["step"]("abc") == "cba"
    assert sys.modules["json"].__name__ == "json"
    assert hasattr(sys.modules["json"], "loads")


def test_a_packs_python_that_cant_be_run_is_told(tmp_path):
    write(tmp_path, "adapters/provinces/zz.yaml")
    write(tmp_path, "adapters/provinces/zz.py", text="def (:\n")
    with pytest.raises(BadSettings, match=r"zz\.py"):
        load_functions(find_packs([tmp_path]).province("zz"))


def test_a_packs_python_that_was_changed_is_loaded_anew(tmp_path):
    write(tmp_path, "adapters/provinces/zz.yaml")
    told = []
    for answer in ("1", "'another'"):
        write(tmp_path, "adapters/provinces/zz.py", text=f"def step(): return {answer}\n")
        told.append(load_functions(find_packs([tmp_path]).province("zz"))["step"]())
    assert told == [1, "another"]

"""Types of installed packages are known to every process, without an import of the package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from declared.process import run
from logos_grammar.registry import GROUP

MODULE = '''
from dataclasses import dataclass

import logos_grammar as lg


@dataclass(frozen=True)
class {cls}:
    name: str


{kind} = lg.declare(
    """
tokens: {kind}_bracket at {first}
    <{cls}S>  a {kind} begins
    <{cls}E>  the {kind} ends
tokens: {kind}_name at {second}
    {kind}:A  the first
    {kind}:B  the second
{kind} = "<{cls}S>" {kind}_name "<{cls}E>" ;
""",
    {cls},
)
'''
LIPID = MODULE.format(kind="lipid", cls="Lipid", first=7168, second=7172)
POLYMER = MODULE.format(kind="polymer", cls="Polymer", first=7180, second=7184)


def install(
    folder: Path, name: str, modules: Mapping[str, str], types: Mapping[str, str]
) -> tuple[Path, ...]:
    """Put a package and what an installer leaves beside it into a folder."""
    package, info = folder / name, folder / f"{name}-1.0.dist-info"
    package.mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    for module, text in modules.items():
        (package / f"{module}.py").write_text(text, encoding="utf-8")
    lines = [f"[{GROUP}]", *(f"{kind} = {where}" for kind, where in types.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    return (folder,)


@pytest.fixture
def path(tmp_path: Path) -> tuple[Path, ...]:
    """Where a package with a type is installed."""
    return install(tmp_path / "one", "fats", {"lipid": LIPID}, {"lipid": "fats.lipid"})


def said(code: str, path: tuple[Path, ...], folder: Path) -> str:
    """What a program prints that warns of nothing."""
    status, out, err = run("-W", "error", "-c", dedent(code), folder=folder, path=path)
    assert status == 0, err
    return out


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("lg.Recognizer('lipid').allowed().tolist()", "[7168]"),
        ("lg.decode([7168, 7173, 7169])", "Lipid(name='lipid:B')"),
        ("lg.check([7168, 7169]).position", "1"),
        ("lg.next_ids([7168]).tolist()", "[7172, 7173]"),
        ("lg.vocabulary.id('lipid:A')", "7172"),
        ("lg.vocabulary.name(7173)", "lipid:B"),
        ("'lipid:B' in lg.vocabulary, 7173 in lg.vocabulary", "True True"),
        ("len(lg.vocabulary.declared_fingerprint)", "64"),
        ("len(lg.decode_many(Encoded(np.array([7168, 7172, 7169], 'u2'), [0, 3])))", "1"),
    ],
)
def test_each_way_to_ask_finds_an_installed_type(
    question: str, answer: str, path: tuple[Path, ...], tmp_path: Path
) -> None:
    code = f"""
        import sys
        import numpy as np
        import logos_grammar as lg
        from logos_grammar.encoded import Encoded
        assert "fats" not in sys.modules
        print({question})
    """
    code = code.replace("[0, 3]", "np.array([0, 3])")
    assert said(code, path, tmp_path).strip() == answer


@pytest.mark.parametrize("sentence", ["<LipidS> lipid:B <LipidE>", "7168 7173 7169"])
def test_explain_shows_an_installed_type(
    sentence: str, path: tuple[Path, ...], tmp_path: Path
) -> None:
    status, out, err = run("-m", "logos_grammar", "explain", sentence, folder=tmp_path, path=path)
    assert (status, err) == (0, "")
    assert "the second" in out


def test_an_installed_type_is_the_one_that_its_module_has(
    path: tuple[Path, ...], tmp_path: Path
) -> None:
    code = """
        import logos_grammar as lg
        found = lg.decode([7168, 7172, 7169])
        from fats.lipid import Lipid, lipid
        assert found == Lipid("lipid:A")
        assert lg.encode(found).tolist() == [7168, 7172, 7169]
        print(lipid)
    """
    assert "ObjectType lipid of fats.lipid.Lipid" in said(code, path, tmp_path)


def test_a_recognizer_is_unpickled_where_the_package_is_installed(
    path: tuple[Path, ...], tmp_path: Path
) -> None:
    code = """
        import pickle, sys
        import logos_grammar as lg
        one = lg.Recognizer("lipid")
        one.accept_many([7168, 7172])
        print(pickle.dumps(one).hex())
    """
    pickled = said(code, path, tmp_path).strip()
    code = f"""
        import pickle
        print(pickle.loads(bytes.fromhex("{pickled}")).allowed().tolist())
    """
    assert said(code, path, tmp_path).strip() == "[7169]"


BROKEN = {
    "a module that is missing": ({}, "nowhere.at_all"),
    "a module that fails": ({"polymer": "raise RuntimeError('out of order')"}, "wrong.polymer"),
    "no grammar": (
        {"polymer": "import logos_grammar as lg\nlg.declare('x', int)"},
        "wrong.polymer",
    ),
    "ids that are taken": (
        {"polymer": MODULE.format(kind="polymer", cls="Polymer", first=7168, second=7172)},
        "wrong.polymer",
    ),
}


@pytest.mark.parametrize(("modules", "where"), BROKEN.values(), ids=BROKEN)
def test_a_broken_package_warns_and_hurts_nobody_else(
    modules: Mapping[str, str], where: str, path: tuple[Path, ...], tmp_path: Path
) -> None:
    fine = install(tmp_path / "two", "chains", {"chain": POLYMER}, {"polymer": "chains.chain"})
    wrong = install(tmp_path / "three", "wrong", modules, {"wrong": where})
    code = """
        import logos_grammar as lg
        print(lg.Recognizer("lipid").min_tokens_to_complete(), lg.decode([7180, 7184, 7181]))
        print(lg.decode(lg.encode(lg.protein.Protein("MK"))))
    """
    path = (*path, *fine, *wrong)
    status, out, err = run("-c", dedent(code), folder=tmp_path, path=path)
    assert status == 0, err
    assert out.splitlines() == ["3 Polymer(name='polymer:A')", "Protein(sequence='MK')"]
    assert f"UserWarning: {where} declares no object type: " in err


def test_without_a_declared_type_nothing_is_imported_to_work(
    path: tuple[Path, ...], tmp_path: Path
) -> None:
    code = """
        import sys
        import logos_grammar as lg
        assert lg.decode(lg.encode(lg.protein.Protein("MK"))) == lg.protein.Protein("MK")
        assert lg.decode_many(lg.encode_many([lg.protein.Protein("MK")]))
        assert lg.Recognizer("protein").min_tokens_to_complete() == 2
        assert lg.vocabulary.name(384) == "C"
        print("fats" in sys.modules)
    """
    assert said(code, path, tmp_path).strip() == "False"

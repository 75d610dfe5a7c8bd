"""The kernels for a GPU where there is none: Triton's interpreter, and compilation for Hopper."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HERE = Path(__file__).parent
HOPPER = 90
STACK_BYTES = 16
"""What a thread may keep in memory for want of registers."""

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None, reason="this torch comes without Triton"
)
INTEGERS = ("N", "V", "W", "q_step", "k_step", "v_step", "row_step")
SCALARS = (
    dict.fromkeys(INTEGERS, "i32")
    | dict.fromkeys(("scale", "eps", "temperature", "top_p", "min_p"), "fp32")
    | {"seed": "i64"}
)
POINTERS = (
    dict.fromkeys(("do", "q", "k", "v", "o", "q_norm", "k_norm", "dq", "dk", "dv"), "*bf16")
    | dict.fromkeys(("begin", "end", "mask"), "*i32")
    | dict.fromkeys(("sample", "position", "id"), "*i64")
)


@pytest.mark.parametrize("file", ["interpreted_attention.py", "interpreted_draw.py"])
def test_the_kernels_pass_in_the_interpreter(file: str) -> None:
    import triton  # noqa: PLC0415 (may be missing)

    if triton.__version__.startswith("3.6.") and np.lib.NumpyVersion(np.__version__) >= "2.4.0":
        pytest.skip("the interpreter of Triton 3.6 fails with numpy 2.4")
    # Triton reads the variable when a kernel is defined, so this takes a process of its own.
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / file)],
        # One thread: the interpreter's operations are too small to share.
        env=os.environ
        | {"TRITON_INTERPRET": "1", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["forward", "backward_q", "backward_kv"])
@pytest.mark.parametrize(
    ("E", "R", "normed"), [(64, 3, False), (128, 2, False), (128, 4, True)], ids=str
)
def test_attention_compiles_for_hopper_without_spilling(
    name: str, E: int, R: int, normed: bool, tmp_path: Path
) -> None:
    import torch  # noqa: PLC0415 (slow, and the other test does without)

    from logos_model.kernels import attention_tiles  # noqa: PLC0415 (needs Triton)
    from logos_model.kernels.fused_attention import tiling  # noqa: PLC0415 (needs Triton)

    tile = tiling(name, E=E, R=R, normed=normed, dtype=torch.bfloat16)
    constants = {
        "H": 4 * R, "R": R, "E": E, "M": tile.M, "S": tile.S,
        "NORMED": normed, "ROTATED": True, "PRECISION": "tf32",
    } | ({} if normed else {"q_norm": None, "k_norm": None})  # fmt: skip
    compiled = compiled_for_hopper(getattr(attention_tiles, name), constants, warps=tile.warps)
    assert stack_bytes(compiled, tmp_path) <= STACK_BYTES


def test_the_draw_compiles_for_hopper_without_spilling(tmp_path: Path) -> None:
    from logos_model.kernels.fused_draw import draw_row, warps  # noqa: PLC0415 (needs Triton)

    constants = {"BLOCK": 8192, "GREEDY": False, "NUCLEUS": True}
    compiled = compiled_for_hopper(draw_row, constants, warps=warps(8192))
    assert stack_bytes(compiled, tmp_path) <= STACK_BYTES


def compiled_for_hopper(kernel: Any, constants: dict[str, Any], *, warps: int) -> Any:
    """Compile a kernel as its launch does, without a GPU."""
    import triton  # noqa: PLC0415 (may be missing)
    from triton.backends.compiler import GPUTarget  # noqa: PLC0415 (may be missing)
    from triton.compiler import ASTSource  # noqa: PLC0415 (may be missing)

    def kind(name: str) -> str:
        if name in constants:
            return "constexpr"
        if name in SCALARS:
            return SCALARS[name]
        return POINTERS.get(name, "*fp32")

    signature = {name: kind(name) for name in kernel.arg_names}
    aligned = [
        (place,)
        for place, (name, type) in enumerate(signature.items())
        if type[0] == "*" or name.endswith("_step")
    ]
    source = ASTSource(
        fn=kernel,
        signature=signature,
        constexprs={(kernel.arg_names.index(name),): x for name, x in constants.items()},
        attrs={place: [["tt.divisibility", 16]] for place in aligned},
    )
    options = {"num_warps": warps, "num_stages": 1, "enable_fp_fusion": True}
    return triton.compile(source, target=GPUTarget("cuda", HOPPER, 32), options=options)


def stack_bytes(compiled: Any, folder: Path) -> int:
    """Return the bytes of stack that a thread of a compiled kernel takes."""
    import triton  # noqa: PLC0415 (may be missing)

    tool = Path(triton.__file__).parent / "backends" / "nvidia" / "bin" / "cuobjdump"
    if not tool.exists():
        pytest.skip("this Triton comes without cuobjdump")
    binary = folder / "kernel.cubin"
    binary.write_bytes(compiled.asm["cubin"])
    shown = subprocess.run(
        [str(tool), "--dump-resource-usage", str(binary)],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(re.search(r"STACK:(\d+)", shown.stdout)[1])  # type: ignore[index]

"""Document attention: how far from 64 bits, and how fast beside what torch has.

It is timed on a stream of documents of the shards, rotation of queries and keys included,
for all; forward alone, and forward and backward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from benchmarks.gpu.settings import Record, Settings
from benchmarks.gpu.timing import microseconds
from torch import Tensor

from logos_model.batches import Pass
from logos_model.data.steps import Data
from logos_model.grammar import LogosGrammar
from logos_model.kernels.document_attention import document_attention, prepared, reference
from logos_model.kernels.tolerances import relative_error
from logos_model.kernels.varlen_attention import Documents, listed, varlen_attention

Attention = Callable[[Tensor, Tensor, Tensor], Tensor]
_SHAPES = {"100m": (12, 4, 64), "1b": (16, 8, 128)}
_SMALL = {"small": (4, 2, 32)}


def run(settings: Settings) -> Iterator[tuple[str, Record]]:
    """Yield errors and times by shape."""
    shapes = _SMALL if settings.small else _SHAPES
    rows, context = (2, 256) if settings.small else (4, 4096)
    batch = stream(settings, rows=rows, context=context)
    yield (
        "stream",
        {
            "tokens": len(batch.ids_N),
            "documents": len(torch.unique(batch.begin_N)),
            "mean context": round(batch.context / batch.targets, 1),
        },
    )
    batch = batch.to(settings.device)
    dtypes = [torch.bfloat16, torch.float32]
    for name, shape in shapes.items():
        yield f"attention errors, {name}", _errors(batch, shape, dtypes)
    for name, shape in shapes.items():
        yield from _times(name, shape, batch, context, settings)
    if settings.device.type == "cuda":
        # Last, for it compiles for long.
        for name, shape in shapes.items():
            inputs, do_NHE, documents = _inputs(batch, shape, torch.bfloat16)
            yield f"FlexAttention times, {name}", _time(_flex(documents), inputs, do_NHE)


def stream(settings: Settings, *, rows: int, context: int) -> Pass:
    """Return the first rows of the shards as one stream."""
    config = settings.config("100m")
    grammar = LogosGrammar()
    data = Data(config.data, grammar=grammar, context=context, seed=0, vocab_size=grammar.size)
    return next(iter(data.steps(rows=rows, after=None))).passes[0]


def _inputs(
    batch: Pass, shape: tuple[int, int, int], dtype: torch.dtype, *, tokens: int | None = None
) -> tuple[list[Tensor], Tensor, dict[str, Tensor]]:
    """Return queries, keys and values, a gradient, and documents with their rotations."""
    H, K, E = shape
    N = len(batch.ids_N) if tokens is None else tokens
    device = batch.ids_N.device
    generator = torch.Generator(device).manual_seed(0)

    def normal(X: int) -> Tensor:
        return torch.randn(N, X, E, device=device, generator=generator).to(dtype)

    speeds = 10_000.0 ** -(torch.arange(0, E, 2, device=device) / E)
    angles_NE = torch.outer(batch.position_N[:N].float(), speeds).repeat(1, 2)
    documents = {
        "begin_N": batch.begin_N[:N],
        "end_N": batch.end_N[:N].clamp(max=N),
        "cos_NE": angles_NE.cos(),
        "sin_NE": angles_NE.sin(),
    }
    return [normal(X).requires_grad_() for X in (H, K, K)], normal(H), documents


def _errors(batch: Pass, shape: tuple[int, int, int], dtypes: list[torch.dtype]) -> Record:
    found: Record = {}
    for dtype in dtypes:
        tokens = min(1024 if dtype == torch.float32 else 2048, len(batch.ids_N))
        inputs, do_NHE, documents = _inputs(batch, shape, dtype, tokens=tokens)
        norms = [1 + 0.1 * torch.randn(shape[2], device=do_NHE.device) for _ in range(2)]

        def results(
            attention: Callable[..., Tensor],
            type: torch.dtype,
            given: tuple[list[Tensor], Tensor, list[Tensor], dict[str, Tensor]] = (
                inputs,
                do_NHE,
                norms,
                documents,
            ),
        ) -> list[Tensor]:
            inputs, do_NHE, norms, documents = given
            x = [one.detach().to(type).requires_grad_() for one in (*inputs, *norms)]
            wide = torch.promote_types(type, torch.float32)
            rotated = {k: v.to(wide) if v.is_floating_point() else v for k, v in documents.items()}
            o_NHE = attention(*x[:3], q_norm_E=x[3], k_norm_E=x[4], **rotated)
            return [o_NHE.detach(), *torch.autograd.grad(o_NHE, x, do_NHE.to(type))]

        exact = results(reference, torch.float64)
        plain = results(reference, dtype)
        ours, again = results(document_attention, dtype), results(document_attention, dtype)
        names = ("o", "dq", "dk", "dv", "dq_norm", "dk_norm")
        found[str(dtype).removeprefix("torch.")] = {
            "ours": dict(zip(names, map(relative_error, ours, exact), strict=True)),
            "torch": dict(zip(names, map(relative_error, plain, exact), strict=True)),
            "equal bits twice": all(map(torch.equal, ours, again)),
        }
        if do_NHE.is_cuda and dtype == torch.bfloat16:
            varlen = results(_by_varlen, dtype)
            found["bfloat16"]["varlen_attn"] = dict(
                zip(names, map(relative_error, varlen, exact), strict=True)
            )
    return found


def _times(
    name: str, shape: tuple[int, int, int], batch: Pass, context: int, settings: Settings
) -> Iterator[tuple[str, Record]]:
    dtype = torch.bfloat16 if settings.device.type == "cuda" else torch.float32
    inputs, do_NHE, documents = _inputs(batch, shape, dtype)
    found: Record = {}
    for other, attention in _attentions(batch, shape, context, documents, settings):
        found[other] = _time(attention, inputs, do_NHE)
        yield f"attention times, {name}", found


def _time(attention: Attention, inputs: list[Tensor], do_NHE: Tensor) -> Record:
    try:
        with torch.no_grad():
            forward = microseconds(lambda: attention(*inputs))
        both = microseconds(lambda: torch.autograd.grad(attention(*inputs), inputs, do_NHE))
    except (RuntimeError, TypeError, ValueError, AttributeError) as error:
        # What another release of torch does not know is a result, too.
        return {"error": str(error)[:300]}
    return {"forward, us": forward, "forward and backward, us": both}


def _attentions(
    batch: Pass,
    shape: tuple[int, int, int],
    context: int,
    documents: dict[str, Tensor],
    settings: Settings,
) -> Iterator[tuple[str, Attention]]:
    """Yield ours and the others by their names."""
    R = shape[0] // shape[1]
    cos_NE, sin_NE, begin_N = (documents[name] for name in ("cos_NE", "sin_NE", "begin_N"))
    turn = prepared if settings.small else torch.compile(prepared)

    def turned(x_NXE: Tensor) -> Tensor:
        return turn(x_NXE, None, cos_NE, sin_NE, eps=0.0)

    def repeated(x_NXE: Tensor) -> Tensor:
        return x_NXE.repeat_interleave(R, 1)

    def ours(q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor) -> Tensor:
        return document_attention(
            q_NHE,
            k_NKE,
            v_NKE,
            begin_N=begin_N,
            end_N=documents["end_N"],
            cos_NE=cos_NE,
            sin_NE=sin_NE,
        )

    yield "document attention", ours
    rows_BTC = begin_N.view(-1, context)
    same_BTT = rows_BTC[:, :, None] == rows_BTC[:, None, :]
    seen_B1TT = (same_BTT & torch.ones_like(same_BTT[0]).tril())[:, None]

    def dense(q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor) -> Tensor:
        q, k, v = (
            x.view(-1, context, *x.shape[1:]).transpose(1, 2)
            for x in (turned(q_NHE), repeated(turned(k_NKE)), repeated(v_NKE))
        )
        o_BHTE = F.scaled_dot_product_attention(q, k, v, attn_mask=seen_B1TT)
        return o_BHTE.transpose(1, 2).flatten(0, 1)

    yield "dense mask", dense
    if settings.device.type == "cuda":
        yield from _varlen(begin_N, turned, repeated)


def _varlen(
    begin_N: Tensor, turned: Callable[[Tensor], Tensor], repeated: Callable[[Tensor], Tensor]
) -> Iterator[tuple[str, Attention]]:
    """Yield torch's own attention of sequences of various lengths, which runs on a GPU only."""
    documents = _documents(begin_N)

    def varlen(q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor) -> Tensor:
        return varlen_attention(turned(q_NHE), k_NKE, v_NKE, documents=documents)

    yield "varlen_attn, heads grouped", lambda q, k, v: varlen(q, turned(k), v)
    yield "varlen_attn, keys repeated", lambda q, k, v: varlen(q, repeated(turned(k)), repeated(v))


def _documents(begin_N: Tensor) -> Documents:
    place_N = torch.arange(len(begin_N), device=begin_N.device)
    ends_D, longest = listed((begin_N == place_N).cpu())
    return Documents(ends_D.to(begin_N.device), longest)


def _by_varlen(*x: Tensor, begin_N: Tensor, end_N: Tensor, **given: Tensor) -> Tensor:
    """Return what `document_attention` does, by `varlen_attn`; `end_N` follows from the begins."""
    return varlen_attention(*x, documents=_documents(begin_N), **given)  # type: ignore[arg-type]


def _flex(documents: dict[str, Tensor]) -> Attention:
    """Return compiled FlexAttention with a block mask of the documents."""
    from torch.nn.attention.flex_attention import (  # noqa: PLC0415 (slow)
        create_block_mask,
        flex_attention,
    )

    cos_NE, sin_NE, begin_N = (documents[name] for name in ("cos_NE", "sin_NE", "begin_N"))
    N, turn = len(begin_N), torch.compile(prepared)

    def turned(x_NXE: Tensor) -> Tensor:
        return turn(x_NXE, None, cos_NE, sin_NE, eps=0.0)

    def seen(b: Tensor, h: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return (begin_N[query] == begin_N[key]) & (query >= key)

    mask = create_block_mask(seen, None, None, N, N, device="cuda")
    compiled = torch.compile(flex_attention)

    def flex(q_NHE: Tensor, k_NKE: Tensor, v_NKE: Tensor) -> Tensor:
        q, k, v = (x.transpose(0, 1)[None] for x in (turned(q_NHE), turned(k_NKE), v_NKE))
        found: Tensor = compiled(q, k, v, block_mask=mask, enable_gqa=True)
        return found[0].transpose(0, 1)

    return flex

"""Decoders of every family by hand, with the parameters that their publishers count."""

from __future__ import annotations

from ironlaw.workload.spec import DecoderSpec, Experts, LatentAttention

LLAMA = DecoderSpec(
    name="llama", title="Llama", n_layers=32, d_model=4096, d_ff=14_336, n_heads=32, n_kv_heads=8,
    d_head=128, vocab_size=128_256, max_context_len=8192,
)  # fmt: skip
QWEN = DecoderSpec(
    name="qwen", title="Qwen", n_layers=36, d_model=4096, d_ff=12_288, n_heads=32, n_kv_heads=8,
    d_head=128, vocab_size=151_936, max_context_len=40_960, qk_norm=True,
)  # fmt: skip
WINDOWED = DecoderSpec(
    name="windowed", title="Windowed", n_layers=62, d_model=5376, d_ff=21_504, n_heads=32,
    n_kv_heads=16, d_head=128, vocab_size=262_208, max_context_len=131_072, tied_embeddings=True,
    window=1024, windowed_layers=52, qk_norm=True, norms=4,
)  # fmt: skip
PLAIN = DecoderSpec(
    name="plain", title="Plain", n_layers=30, d_model=3072, d_ff=12_288, n_heads=24, n_kv_heads=2,
    d_head=128, vocab_size=49_152, max_context_len=16_384, tied_embeddings=True, gated=False,
    qkv_bias=True, output_bias=True, mlp_bias=True, window=4096, windowed_layers=30,
    norm_bias=True,
)  # fmt: skip
MIXTURE = DecoderSpec(
    name="mixture", title="Mixture", n_layers=32, d_model=4096, d_ff=14_336, n_heads=32,
    n_kv_heads=8, d_head=128, vocab_size=32_000, max_context_len=32_768,
    experts=Experts(n_experts=8, top_k=2, d_expert=14_336, n_layers=32),
)  # fmt: skip
FINE = DecoderSpec(
    name="fine", title="Fine", n_layers=48, d_model=2048, d_ff=6144, n_heads=32, n_kv_heads=4,
    d_head=128, vocab_size=151_936, max_context_len=40_960, qk_norm=True,
    experts=Experts(n_experts=128, top_k=8, d_expert=768, n_layers=48),
)  # fmt: skip
SINKS = DecoderSpec(
    name="sinks", title="Sinks", n_layers=36, d_model=2880, d_ff=2880, n_heads=64, n_kv_heads=8,
    d_head=64, vocab_size=201_088, max_context_len=131_072, window=128, windowed_layers=18,
    qkv_bias=True, output_bias=True, mlp_bias=True, sinks=True,
    experts=Experts(n_experts=128, top_k=4, d_expert=2880, n_layers=36, router_bias=True),
)  # fmt: skip
LATENT = DecoderSpec(
    name="latent", title="Latent", n_layers=61, d_model=7168, d_ff=18_432, n_heads=128,
    n_kv_heads=128, d_head=192, vocab_size=129_280, max_context_len=163_840,
    latent=LatentAttention(query_rank=1536, cache_rank=512, d_rope=64, d_nope=128, d_value=128),
    experts=Experts(
        n_experts=256, top_k=8, d_expert=2048, n_layers=58, d_shared=2048, router_bias=True
    ),
)  # fmt: skip
GATED_SHARE = DecoderSpec(
    name="gated-share", title="Gated share", n_layers=24, d_model=2048, d_ff=5632, n_heads=16,
    n_kv_heads=16, d_head=128, vocab_size=151_936, max_context_len=8192, qkv_bias=True,
    experts=Experts(
        n_experts=60, top_k=4, d_expert=1408, n_layers=24, d_shared=5632, shared_gate=True
    ),
)  # fmt: skip

PLACED = DecoderSpec(
    name="placed", title="Placed", n_layers=12, d_model=768, d_ff=3072, n_heads=12, n_kv_heads=12,
    d_head=64, vocab_size=50_257, max_context_len=1024, tied_embeddings=True, gated=False,
    qkv_bias=True, output_bias=True, mlp_bias=True, norm_bias=True, learned_positions=True,
)  # fmt: skip

PUBLISHED = {
    "llama": 8_030_261_248,  # Llama-3-8B
    "qwen": 8_190_735_360,  # Qwen3-8B
    "windowed": 27_009_346_304,  # Gemma-3-27B, its language model
    "plain": 3_030_371_328,  # StarCoder2-3B
    "mixture": 46_702_792_704,  # Mixtral-8x7B
    "fine": 30_532_122_624,  # Qwen3-30B-A3B
    "sinks": 116_829_156_672,  # gpt-oss-120b
    "latent": 671_026_419_200,  # DeepSeek-V3 without its MTP layer
    "placed": 124_439_808,  # GPT-2
    "gated-share": 14_315_784_192,  # Qwen1.5-MoE-A2.7B
}
"""Parameters by family, as the published checkpoints hold them."""

FAMILIES = (LLAMA, QWEN, WINDOWED, PLAIN, MIXTURE, FINE, SINKS, LATENT, GATED_SHARE, PLACED)

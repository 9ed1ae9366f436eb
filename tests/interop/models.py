# SPDX-License-Identifier: GPL-3.0-or-later
"""Models as people write them, freshly made: what the findings must have nothing to say about."""
import math

import torch
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    """Of a ResNet."""

    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(n_out)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n_out)
        self.downsample = None
        if stride != 1 or n_in != n_out:
            self.downsample = nn.Sequential(nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    """With the initialisation of torchvision; the last gamma of each block may start at zero."""

    def __init__(self, zero_init_residual=False, width=16):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        sizes = [width, width, 2 * width, 4 * width, 8 * width]
        for i in range(1, 5):
            blocks = [BasicBlock(sizes[i - 1], sizes[i], 1 if i == 1 else 2), BasicBlock(sizes[i], sizes[i], 1)]
            setattr(self, f"layer{i}", nn.Sequential(*blocks))
        self.fc = nn.Linear(8 * width, 10)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if zero_init_residual and isinstance(module, BasicBlock):
                nn.init.zeros_(module.bn2.weight)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


class GPTBlock(nn.Module):
    """Its causal mask is a buffer that is called bias."""

    def __init__(self, size, length, float_mask):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.attn, self.mlp = nn.Module(), nn.Module()
        mask = torch.tril(torch.ones(length, length)).view(1, 1, length, length)
        self.attn.register_buffer("bias", mask if float_mask else mask.bool())
        self.attn.register_buffer("masked_bias", torch.tensor(-1e4))
        self.attn.c_attn, self.attn.c_proj = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.mlp.c_fc, self.mlp.c_proj = nn.Linear(size, 4 * size), nn.Linear(4 * size, size)

    def forward(self, x):
        q, k, v = self.attn.c_attn(self.ln_1(x)).chunk(3, -1)
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(q.shape[-1])
        n = x.shape[1]
        scores = scores.masked_fill(self.attn.bias[0, 0, :n, :n] == 0, float("-inf"))
        x = x + self.attn.c_proj(scores.softmax(-1) @ v)
        return x + self.mlp.c_proj(F.gelu(self.mlp.c_fc(self.ln_2(x))))


class GPT2(nn.Module):
    """With the initialisation of the paper: normal, projections to the residual smaller, biases zero."""

    def __init__(self, n_blocks=6, size=64, n_tokens=500, length=32, float_mask=True):
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(n_tokens, size), "wpe": nn.Embedding(length, size),
            "h": nn.ModuleList(GPTBlock(size, length, float_mask) for _ in range(n_blocks)), "ln_f": nn.LayerNorm(size)})
        self.lm_head = nn.Linear(size, n_tokens, bias=False)
        self.lm_head.weight = self.transformer.wte.weight
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, .02 / math.sqrt(2 * n_blocks) if "c_proj" in name else .02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, tokens):
        x = self.transformer.wte(tokens) + self.transformer.wpe(torch.arange(tokens.shape[1]))
        for block in self.transformer.h:
            x = block(x)
        return self.lm_head(self.transformer.ln_f(x))


class BERT(nn.Module):
    """With a padding token, and names as transformers gives them."""

    def __init__(self, n_layers=4, size=48, n_tokens=300):
        super().__init__()
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(n_tokens, size, padding_idx=0), "position_embeddings": nn.Embedding(64, size),
            "token_type_embeddings": nn.Embedding(2, size), "LayerNorm": nn.LayerNorm(size)})
        self.embeddings.register_buffer("position_ids", torch.arange(64).expand(1, -1))
        self.embeddings.register_buffer("token_type_ids", torch.zeros(1, 64, dtype=torch.long))
        self.layer = nn.ModuleList(nn.TransformerEncoderLayer(size, 4, 4 * size, batch_first=True) for _ in range(n_layers))
        self.cls = nn.ModuleDict({"transform": nn.Linear(size, size), "decoder": nn.Linear(size, n_tokens)})
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, 0, .02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
            if isinstance(module, nn.Embedding) and module.padding_idx is not None:
                nn.init.zeros_(module.weight[module.padding_idx])

    def forward(self, tokens):
        x = self.embeddings["word_embeddings"](tokens) + self.embeddings["position_embeddings"].weight[:tokens.shape[1]]
        x = self.embeddings["LayerNorm"](x + self.embeddings["token_type_embeddings"].weight[0])
        for layer in self.layer:
            x = layer(x)
        return self.cls["decoder"](self.cls["transform"](x))


class ViT(nn.Module):
    """As torchvision starts one: class token and head are zero."""

    def __init__(self, size=48, n_layers=4):
        super().__init__()
        self.class_token = nn.Parameter(torch.zeros(1, 1, size))
        self.conv_proj = nn.Conv2d(3, size, 8, 8)
        nn.init.zeros_(self.conv_proj.bias)
        self.encoder = nn.Module()
        self.encoder.pos_embedding = nn.Parameter(torch.empty(1, 17, size).normal_(std=.02))
        self.encoder.layers = nn.ModuleDict({
            f"encoder_layer_{i}": nn.TransformerEncoderLayer(size, 4, 2 * size, batch_first=True) for i in range(n_layers)})
        self.encoder.ln = nn.LayerNorm(size, eps=1e-6)
        self.heads = nn.Sequential()
        self.heads.add_module("head", nn.Linear(size, 10))
        nn.init.zeros_(self.heads.head.weight)
        nn.init.zeros_(self.heads.head.bias)

    def forward(self, x):
        x = self.conv_proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_token.expand(len(x), -1, -1), x], 1) + self.encoder.pos_embedding
        for layer in self.encoder.layers.values():
            x = layer(x)
        return self.heads(self.encoder.ln(x)[:, 0])


class TutorialViT(nn.Module):
    """As many write one: learned positions that start at zero, layer scale, relative positions."""

    def __init__(self, size=32):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, size))
        self.pos_embed = nn.Parameter(torch.zeros(1, 17, size))
        self.relative_position_bias_table = nn.Parameter(torch.zeros(49, 4))
        self.register_buffer("relative_position_index", torch.arange(49))
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(size, 4, 64) for _ in range(5))
        for block in self.blocks:
            block.ls1 = nn.Module()
            block.ls1.gamma = nn.Parameter(1e-5 * torch.ones(size))
        self.head = nn.Linear(size, 5)


class LSTM(nn.Module):
    """Forget gates that are open at first, and states that are learned."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(100, 16, padding_idx=1)
        self.lstm = nn.LSTM(16, 32, 3, bidirectional=True)
        self.gru = nn.GRU(64, 16, 4)
        self.h0 = nn.Parameter(torch.zeros(6, 1, 32))
        self.out = nn.Linear(16, 1)
        for name, parameter in self.lstm.named_parameters():
            if "bias" in name:
                nn.init.zeros_(parameter)
                parameter.data[32:64] = 1


class UNet(nn.Module):
    """The classic one, and at its end a convolution that starts at zero, as in diffusion models."""

    def __init__(self):
        super().__init__()
        sizes = [3, 16, 32, 64]
        self.down = nn.ModuleList(self.double(a, b) for a, b in zip(sizes, sizes[1:]))
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, 2) for a, b in zip(sizes[1:], sizes[2:]))
        self.merge = nn.ModuleList(self.double(2 * a, a) for a in sizes[1:-1])
        self.attention = nn.ModuleDict({"norm": nn.GroupNorm(8, 64), "qkv": nn.Conv1d(64, 192, 1), "proj_out": nn.Conv1d(64, 64, 1)})
        self.zero_convs = nn.ModuleList(nn.Conv2d(16, 16, 1) for _ in range(2))
        self.out = nn.Conv2d(16, 2, 1)
        for module in (self.attention["proj_out"], *self.zero_convs):
            nn.init.zeros_(module.weight)
            nn.init.zeros_(module.bias)

    @staticmethod
    def double(n_in, n_out):
        return nn.Sequential(nn.Conv2d(n_in, n_out, 3, 1, 1), nn.BatchNorm2d(n_out), nn.ReLU(True),
                             nn.Conv2d(n_out, n_out, 3, 1, 1), nn.BatchNorm2d(n_out), nn.ReLU(True))


class GuidedDiffusion(nn.Module):
    """Every residual block ends in a convolution that starts at zero."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(nn.ModuleDict({
            "in_layers": nn.Sequential(nn.GroupNorm(8, 32), nn.SiLU(), nn.Conv2d(32, 32, 3)),
            "out_layers": nn.Sequential(nn.GroupNorm(8, 32), nn.SiLU(), nn.Conv2d(32, 32, 3))}) for _ in range(4))
        for block in self.blocks:
            for parameter in block["out_layers"][2].parameters():
                nn.init.zeros_(parameter)


class DiT(nn.Module):
    """Modulation and the last layer start at zero."""

    def __init__(self, size=32):
        super().__init__()
        self.pos_embed = nn.Parameter(torch.zeros(1, 16, size), requires_grad=False)
        self.blocks = nn.ModuleList(nn.ModuleDict({
            "attn": nn.MultiheadAttention(size, 4), "mlp": nn.Linear(size, size),
            "adaLN_modulation": nn.Sequential(nn.SiLU(), nn.Linear(size, 6 * size))}) for _ in range(2))
        self.final_layer = nn.ModuleDict({"linear": nn.Linear(size, 12),
                                          "adaLN_modulation": nn.Sequential(nn.SiLU(), nn.Linear(size, 2 * size))})
        for module in (*(block["adaLN_modulation"][1] for block in self.blocks), self.final_layer["adaLN_modulation"][1],
                       self.final_layer["linear"]):
            nn.init.zeros_(module.weight)
            nn.init.zeros_(module.bias)


class Mixer(nn.Module):
    """A norm over two dimensions, and one that never divides."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.ModuleDict({
            "norm1": nn.LayerNorm(32), "tokens": nn.Linear(16, 16), "norm2": nn.LayerNorm([16, 32]),
            "channels": nn.Linear(32, 32), "normalise": nn.LayerNorm([16, 32])}) for _ in range(6))
        self.plane = nn.LayerNorm([4, 8, 8])
        self.act = nn.PReLU(32)


class ConvNeXt(nn.Module):
    """Depthwise convolutions, layer scale, global response norm."""

    def __init__(self, size=24):
        super().__init__()
        self.stem = nn.Conv2d(3, size, 4, 4)
        self.blocks = nn.ModuleList(nn.ModuleDict({
            "dwconv": nn.Conv2d(size, size, 7, 1, 3, groups=size), "pwconv1": nn.Linear(size, 4 * size),
            "pwconv2": nn.Linear(4 * size, size)}) for _ in range(4))
        for block in self.blocks:
            block.gamma = nn.Parameter(1e-6 * torch.ones(size, 1, 1))
            block.grn = nn.Module()
            block.grn.gamma = nn.Parameter(torch.zeros(1, 1, 1, 4 * size))
            block.grn.beta = nn.Parameter(torch.zeros(1, 1, 1, 4 * size))


class Llama(nn.Module):
    """RMS norms, rotary tables, adapters of which one half starts at zero, an additive mask."""

    def __init__(self, size=32):
        super().__init__()
        self.embed_tokens = nn.Embedding(200, size)
        self.layers = nn.ModuleList(nn.ModuleDict({
            "q_proj": nn.Linear(size, size, bias=False), "input_layernorm": nn.RMSNorm(size),
            "lora_A": nn.Linear(size, 4, bias=False), "lora_B": nn.Linear(4, size, bias=False)}) for _ in range(4))
        for layer in self.layers:
            nn.init.zeros_(layer["lora_B"].weight)
        angles = torch.outer(torch.arange(64.), 10000 ** (-torch.arange(0, 16, 2) / 16))
        self.register_buffer("sin_cached", angles.sin()[None, None])
        self.register_buffer("cos_cached", angles.cos())
        self.register_buffer("inv_freq", 10000 ** (-torch.arange(0, 16, 2) / 16))
        self.register_buffer("attn_mask", torch.full((16, 16), float("-inf")).triu(1))
        self.lm_head = nn.Linear(size, 200, bias=False)


class Positional(nn.Module):
    """PyTorch's own language model tutorial: nn.Transformer, sines, a mask made by nn.Transformer itself."""

    def __init__(self, size=32):
        super().__init__()
        pe = torch.zeros(100, 1, size)
        angles = torch.outer(torch.arange(100.), torch.exp(torch.arange(0, size, 2) * (-math.log(10000.) / size)))
        pe[:, 0, 0::2], pe[:, 0, 1::2] = angles.sin(), angles.cos()
        self.register_buffer("pe", pe)
        self.register_buffer("src_mask", nn.Transformer.generate_square_subsequent_mask(20))
        self.transformer = nn.Transformer(size, 4, 5, 5, 64, batch_first=True)
        self.encoder, self.decoder = nn.Embedding(80, size), nn.Linear(size, 80)
        nn.init.uniform_(self.encoder.weight, -.1, .1)
        nn.init.zeros_(self.decoder.bias)


class GAN(nn.Module):
    """DCGAN, with spectral norm in one half and weight norm beside it."""

    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(*(layer for i in range(5) for layer in (
            nn.ConvTranspose2d(32, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU(True))))
        self.critic = nn.Sequential(*(nn.utils.spectral_norm(nn.Conv2d(16, 16, 4, 2, 1)) for i in range(4)))
        self.tied = torch.nn.utils.parametrizations.weight_norm(nn.Linear(16, 16))
        for module in self.modules():
            if isinstance(module, nn.ConvTranspose2d):
                nn.init.normal_(module.weight, 0, .02)
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.normal_(module.weight, 1, .02)


class MobileNet(nn.Module):
    """Depthwise and pointwise, squeeze and excitation."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(*(nn.Sequential(
            nn.Conv2d(16, 32, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(True), nn.Conv2d(32, 32, 3, 1, 1, groups=32, bias=False),
            nn.BatchNorm2d(32), nn.Conv2d(32, 8, 1), nn.Conv2d(8, 32, 1), nn.Conv2d(32, 16, 1, bias=False), nn.BatchNorm2d(16))
            for i in range(6)))
        self.classifier = nn.Sequential(nn.Dropout(.2), nn.Linear(16, 1))


class Detector(nn.Module):
    """A prior in the bias, queries that start at zero, anchors, frozen norms as buffers."""

    def __init__(self):
        super().__init__()
        self.cls_head = nn.ModuleList(nn.Conv2d(32, 32, 3) for _ in range(5))
        self.cls_score = nn.Conv2d(32, 9, 3)
        nn.init.constant_(self.cls_score.bias, -math.log(99))
        self.query_embed = nn.Embedding(20, 32)
        self.register_buffer("pixel_mean", torch.tensor([123.675, 116.28, 103.53]).view(3, 1, 1))
        self.register_buffer("mean", torch.full((1, 3, 1, 1), .5))
        self.bn = nn.Module()
        for name, value in (("weight", 1.), ("bias", 0.), ("running_mean", 0.), ("running_var", 1.)):
            self.bn.register_buffer(name, torch.full((32,), value))


class Pruned(nn.Module):
    """Half of the weights are masked, one by one."""

    def __init__(self):
        super().__init__()
        from torch.nn.utils import prune
        self.layers = nn.Sequential(*(nn.Linear(64, 64) for _ in range(4)))
        for layer in self.layers:
            prune.l1_unstructured(layer, "weight", .5)


class Observed(nn.Module):
    """Prepared for quantization: observers that have seen nothing."""

    def __init__(self):
        super().__init__()
        from torch.ao.quantization import HistogramObserver, MinMaxObserver, PerChannelMinMaxObserver
        self.fc = nn.Linear(16, 16)
        self.fc.activation_post_process = MinMaxObserver()
        self.fc.weight_fake_quant = PerChannelMinMaxObserver()
        self.other = HistogramObserver()
        self.fc.register_buffer("_amax", torch.ones(16, 1))


def fresh():
    """Name and maker of each."""
    return {
        "nn.Transformer": lambda: nn.Transformer(32, 4, 4, 4, 64),
        "nn.TransformerEncoder": lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64), 6),
        "resnet18": lambda: ResNet18(width=64),
        "resnet18-zero": lambda: ResNet18(True),
        "gpt2": GPT2,
        "gpt2-bool": lambda: GPT2(float_mask=False),
        "bert": BERT,
        "vit": ViT,
        "tutorial-vit": TutorialViT,
        "lstm": LSTM,
        "unet": UNet,
        "guided-diffusion": GuidedDiffusion,
        "dit": DiT,
        "mixer": Mixer,
        "convnext": ConvNeXt,
        "llama": Llama,
        "positional": Positional,
        "gan": GAN,
        "mobilenet": MobileNet,
        "detector": Detector,
        "pruned": Pruned,
        "observed": Observed,
    }

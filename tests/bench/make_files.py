#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the checkpoints of the bench with PyTorch: make_files.py FOLDER.

gpt2.pt and gpt2.legacy.pt: GPT-2 (124.4 million values) with its AdamW state after one step, 594 tensors and 1.49 GB each; many.pt: 100,000 tensors.
"""
import collections
import pathlib
import sys

import torch
from torch import nn

WIDTH, LAYERS, VOCABULARY, CONTEXT = 768, 12, 50257, 1024


def linear(inputs, outputs):
    """The layer that GPT-2 calls Conv1D: its weight is inputs × outputs."""
    layer = nn.Module()
    layer.weight = nn.Parameter(torch.empty(inputs, outputs))
    layer.bias = nn.Parameter(torch.zeros(outputs))
    return layer


def make_block():
    return nn.ModuleDict({
        'ln_1': nn.LayerNorm(WIDTH),
        'attn': nn.ModuleDict({'c_attn': linear(WIDTH, 3 * WIDTH), 'c_proj': linear(WIDTH, WIDTH)}),
        'ln_2': nn.LayerNorm(WIDTH),
        'mlp': nn.ModuleDict({'c_fc': linear(WIDTH, 4 * WIDTH), 'c_proj': linear(4 * WIDTH, WIDTH)}),
    })


def make_gpt2():
    model = nn.ModuleDict({'transformer': nn.ModuleDict({
        'wte': nn.Embedding(VOCABULARY, WIDTH), 'wpe': nn.Embedding(CONTEXT, WIDTH),
        'h': nn.ModuleList(make_block() for _ in range(LAYERS)), 'ln_f': nn.LayerNorm(WIDTH)})})
    model['lm_head'] = nn.Linear(WIDTH, VOCABULARY, bias=False)
    model['lm_head'].weight = model['transformer']['wte'].weight
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.02)
    return model


def make_checkpoint():
    torch.manual_seed(0)
    model = make_gpt2()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    for parameter in model.parameters():
        parameter.grad = torch.randn_like(parameter) * 1e-3
    optimizer.step()
    return {'epoch': 7, 'loss': torch.tensor(2.345), 'model_state_dict': model.state_dict(),
            'optimizer_state_dict': optimizer.state_dict()}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / 'gpt2.legacy.pt').exists():
        checkpoint = make_checkpoint()
        torch.save(checkpoint, folder / 'gpt2.pt')
        torch.save(checkpoint, folder / 'gpt2.legacy.pt', _use_new_zipfile_serialization=False)
    if not (folder / 'many.pt').exists():
        torch.save(collections.OrderedDict((f'layers.{i // 10}.experts.{i % 10}.weight', torch.full((4, 4), float(i)))
                                           for i in range(100_000)), folder / 'many.pt')


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the checkpoints of the bench with PyTorch: make_files.py FOLDER.

gpt2.pt and gpt2.legacy.pt: GPT-2 (124.4 million values) with its AdamW state after one step, 594 tensors and 1.49 GB each; gpt2.bfloat16.pt and
gpt2.float16.pt: the same with its numbers as those types; many.pt: 100,000 tensors; large.pt: one tensor of 4 GB.
"""
import argparse
import collections
import pathlib

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


def cast(value, dtype, done):
    """A copy of a checkpoint with other floating-point numbers; what is tied stays tied."""
    if isinstance(value, dict):
        return {key: cast(item, dtype, done) for key, item in value.items()}
    if not isinstance(value, torch.Tensor) or not value.is_floating_point():
        return value
    if value.data_ptr() not in done:
        done[value.data_ptr()] = value.to(dtype)
    return done[value.data_ptr()].view(value.shape)


def make_halves(folder):
    for dtype in (torch.bfloat16, torch.float16):
        path = folder / f'gpt2.{str(dtype).removeprefix("torch.")}.pt'
        if not path.exists():
            torch.save(cast(torch.load(folder / 'gpt2.pt', weights_only=True), dtype, {}), path)


def make_large(folder):
    """A part of random numbers, again and again: making as many would take a minute."""
    if not (folder / 'large.pt').exists():
        torch.save({'weight': torch.randn(1000, 10000).repeat(100, 1)}, folder / 'large.pt')


def main():
    parser = argparse.ArgumentParser(description="Makes the large files that ./dev bench measures with: about 9 GB.")
    parser.add_argument('folder', type=pathlib.Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / 'gpt2.legacy.pt').exists():
        checkpoint = make_checkpoint()
        torch.save(checkpoint, folder / 'gpt2.pt')
        torch.save(checkpoint, folder / 'gpt2.legacy.pt', _use_new_zipfile_serialization=False)
    if not (folder / 'many.pt').exists():
        torch.save(collections.OrderedDict((f'layers.{i // 10}.experts.{i % 10}.weight', torch.full((4, 4), float(i)))
                                           for i in range(100_000)), folder / 'many.pt')
    make_halves(folder)
    make_large(folder)


if __name__ == '__main__':
    main()

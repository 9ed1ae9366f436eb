#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tiny_gpt.pt, the checkpoint that `./dev run` opens when it is given none.

  python3 make_sample.py OUT.pt

A small language model after a few steps of AdamW on noise, as a training script saves it: model, optimizer, epoch, loss. The device
tags are those of a machine with a GPU: a tagger claims the storages for cuda:0, so that no GPU is needed to write the file.
"""
import sys

import torch
from torch import nn

DEVICE = 'cuda:0'
VOCABULARY, WIDTH, CONTEXT, LAYERS = 256, 48, 64, 3
claimed = set()


def tag(storage):
    return DEVICE if storage.data_ptr() in claimed else None


torch.serialization.register_package(-100, tag, lambda storage, location: None)


def claim(value):
    """Marks the storages of all tensors in `value` but one-element ones, as `step` stays on the CPU."""
    if isinstance(value, torch.Tensor):
        if value.dim():
            claimed.add(value.untyped_storage().data_ptr())
    elif isinstance(value, dict):
        for item in value.values():
            claim(item)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.attn = nn.MultiheadAttention(WIDTH, 4, batch_first=True)
        self.ln_2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class TinyGPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = nn.Embedding(VOCABULARY, WIDTH)
        self.wpe = nn.Embedding(CONTEXT, WIDTH)
        self.h = nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = nn.LayerNorm(WIDTH)
        self.lm_head = nn.Linear(WIDTH, VOCABULARY, bias=False)
        self.lm_head.weight = self.wte.weight
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = TinyGPT()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    for _ in range(20):
        tokens = torch.randint(VOCABULARY, (8, CONTEXT))
        loss = nn.functional.cross_entropy(model(tokens).flatten(0, 1), tokens.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    checkpoint = {'epoch': 7, 'step': 20, 'loss': loss.item(), 'model_state_dict': model.state_dict(),
                  'optimizer_state_dict': optimizer.state_dict()}
    claim(checkpoint)
    torch.save(checkpoint, sys.argv[1])


if __name__ == '__main__':
    main()

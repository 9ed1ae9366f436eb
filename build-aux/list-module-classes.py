#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the module classes of the PyTorch that runs it, one a line, as src/libckpt/analysis/module-classes/ keeps them.

  python3 list-module-classes.py >module-classes/torch-VERSION.tsv

A line is the name that pickles give a class, its _version, and what of state_dict() it does in its own way: "save"
(_save_to_state_dict), "extra" (get_extra_state), "all" (state_dict); "-" for nothing.
"""
import importlib
import pkgutil
import sys
import warnings

import torch
from torch import nn
from torch.nn.modules.lazy import LazyModuleMixin

# Made for PyTorch's own tests and benchmarks; or they start something when they are imported.
SKIPPED = ('torch.testing', 'torch.utils.benchmark', 'torch.utils.bottleneck', 'torch.distributed.launch', 'torch.distributed.run',
           'torch.distributed.elastic', 'torch.utils.tensorboard')

# Where quantized modules were up to PyTorch 1.12, and still can be found.
FORMER = ('torch.nn.quantized', 'torch.nn.qat', 'torch.nn.quantizable', 'torch.nn.intrinsic', 'torch.quantization')

METHODS = {'_save_to_state_dict': 'save', 'get_extra_state': 'extra', 'state_dict': 'all'}

# What the mixin of lazy modules writes is what nn.Module writes; it only does not detach() what has no values yet.
SAME = {getattr(nn.Module, name) for name in METHODS} | {LazyModuleMixin._save_to_state_dict}


def modules():
    for info in pkgutil.walk_packages(torch.__path__, 'torch.', onerror=lambda name: None):
        if info.name.startswith(SKIPPED) or info.name.endswith('__main__'):
            continue
        try:
            yield importlib.import_module(info.name)
        except BaseException as error:  # what this machine lacks: a GPU, a compiler, a package
            print(f'{info.name}: {error!r}'[:200], file=sys.stderr)


def ways(cls):
    return [word for method, word in METHODS.items() if getattr(cls, method) not in SAME]


def listed():
    """Names and classes."""
    left = [nn.Module]
    while left:
        cls = left.pop()
        left += cls.__subclasses__()
        if cls.__module__.split('.')[0] == 'torch' and not cls.__module__.startswith(SKIPPED) and '<locals>' not in cls.__qualname__:
            yield f'{cls.__module__}.{cls.__qualname__}', cls
    for place, module in list(sys.modules.items()):
        if place.startswith(FORMER):
            for name, cls in vars(module).items():
                if isinstance(cls, type) and issubclass(cls, nn.Module) and cls.__module__.startswith('torch.ao.'):
                    yield f'{place}.{name}', cls


def main():
    warnings.filterwarnings('ignore')
    for module in modules():
        pass
    found = dict(listed())
    print(f'# torch {torch.__version__.split("+")[0]}')
    for name, cls in sorted(found.items()):
        print(name, cls._version, ','.join(ways(cls)) or '-', sep='\t')


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py CACHE OUT: times the programs beside PyTorch on checkpoints that it makes, and writes the table to OUT.

Each row is a whole process, its files in the page cache, the best of five; memory is the peak of the process. Figures differ from machine to
machine: what counts is how a row stands to its peer.
"""
import os
import pathlib
import platform
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
ROUNDS = 5
TORCH_LIST = """
import sys, torch
def walk(path, value):
    if isinstance(value, dict):
        for key, item in value.items():
            walk(path + (key,), item)
    elif isinstance(value, torch.Tensor):
        print(path, tuple(value.shape), value.dtype)
    else:
        print(path, value)
walk((), torch.load(sys.argv[1], map_location='cpu', weights_only=True))
"""
# The window is timed from here on, when the display is there.
START = """
import os, sys, time
os.execvp('stateroom', ['stateroom', f'--measure-start={time.monotonic_ns()}', sys.argv[1]])
"""


def run_once(command, environment):
    """Seconds and peak MiB of a process."""
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ | environment,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, '/dev/null', os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f'{" ".join(map(str, command))}: status {status}')
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def measure(command, rounds=ROUNDS, environment={}):
    runs = [run_once([str(part) for part in command], environment) for _ in range(rounds)]
    return min(seconds for seconds, _ in runs), max(mib for _, mib in runs)


def list_rows(folder):
    """Opening and listing, as in `ckpt ls` and its peer."""
    yield '| open and list | ckpt ls | PyTorch, mapped to the CPU | ratio |', '| --- | --- | --- | --- |'
    for name, title in (('gpt2.pt', 'GPT-2 with AdamW, zip, 1.49 GB'), ('gpt2.legacy.pt', 'the same, legacy'),
                        ('many.pt', '100,000 tensors, zip')):
        ours, our_memory = measure(['ckpt', 'ls', folder / name])
        theirs, their_memory = measure([sys.executable, '-c', TORCH_LIST, folder / name], 2)
        yield (f'| {title} | {ours:.3f} s, {our_memory:.0f} MiB | {theirs:.2f} s, {their_memory:.0f} MiB '
               f'| {theirs / ours:.0f} × faster, {their_memory / our_memory:.0f} × less memory |',)


def run_headless(command):
    return subprocess.run([ROOT / 'build-aux' / 'headless', *command], capture_output=True, text=True,
                          env=os.environ | {'GSK_RENDERER': 'cairo'}, check=True)


def window_rows(folder):
    """The app on a headless compositor; it prints the seconds from its start to each mark and quits."""
    yield '', '| window, GSK_RENDERER=cairo | first frame | tree on screen |', '| --- | --- | --- |'
    for name, title in (('gpt2.pt', 'GPT-2 with AdamW'), ('many.pt', '100,000 tensors')):
        best = {}
        for _ in range(ROUNDS):
            done = run_headless([sys.executable, '-c', START, folder / name])
            for line in done.stdout.splitlines():
                mark, seconds = line.split('\t')
                best[mark] = min(best.get(mark, 1e9), float(seconds))
        yield (f'| {title} | {best["first-frame"]:.3f} s | {best["tree"]:.3f} s |',)
    done = run_headless(['stateroom', '--measure-scroll', folder / 'many.pt'])
    yield '', '| scrolling 100,000 rows | p95 of a frame |', '| --- | --- |'
    for line in done.stdout.splitlines():
        kind, seconds = line.split('\t')
        yield (f'| {kind} | {float(seconds) * 1000:.1f} ms |',)


def describe_machine():
    model = next((line.split(':')[1].strip() for line in open('/proc/cpuinfo') if line.startswith('model name')), platform.machine())
    commit = subprocess.run(['git', '-C', ROOT, 'rev-parse', '--short', 'HEAD'], capture_output=True, text=True).stdout.strip()
    return f'{time.strftime("%Y-%m-%d")}, commit {commit}, {os.cpu_count()} cores ({model}), PyTorch ' + subprocess.run(
        [sys.executable, '-c', 'import torch; print(torch.__version__)'], capture_output=True, text=True).stdout.strip()


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    subprocess.run([sys.executable, HERE / 'make_files.py', folder], check=True)
    lines = [describe_machine(), '']
    for rows in (list_rows, window_rows):
        for group in rows(folder):
            lines.extend(group)
    text = '\n'.join(lines) + '\n'
    out.write_text(text)
    sys.stdout.write(text)


if __name__ == '__main__':
    main()

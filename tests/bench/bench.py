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
import threading
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
# What `ckpt stats` finds, by PyTorch's own means, in the precision of the tensors; each set of elements once, mapped instead of read. Prints the
# seconds without those for starting Python and PyTorch.
TORCH_STATS = """
import sys, time, torch
def walk(value, seen):
    if isinstance(value, dict):
        for item in value.values():
            yield from walk(item, seen)
    elif isinstance(value, torch.Tensor) and (value.data_ptr(), value.shape) not in seen:
        seen.add((value.data_ptr(), value.shape))
        yield value
start = time.perf_counter()
for tensor in walk(torch.load(sys.argv[1], map_location='cpu', weights_only=True, mmap=True), set()):
    if not tensor.is_floating_point() or tensor.element_size() < 4:
        tensor = tensor.float()
    low, high = (x.item() for x in torch.aminmax(tensor))
    std, mean = (x.item() for x in torch.std_mean(tensor, correction=0))
    counts = [x.sum().item() for x in (torch.isnan(tensor), torch.isinf(tensor), tensor == 0)]
    torch.histc(tensor, 256, low, high)
print(time.perf_counter() - start, file=sys.stderr)
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


def read_bare(path):
    """Seconds to read a file and do nothing with it, on all cores."""
    size, n = path.stat().st_size, os.cpu_count()
    file = os.open(path, os.O_RDONLY)

    def read_part(i):
        buffer = bytearray(256 << 10)
        for offset in range(size * i // n, size * (i + 1) // n, len(buffer)):
            os.preadv(file, [buffer], offset)

    best = float('inf')
    for _ in range(ROUNDS):
        threads = [threading.Thread(target=read_part, args=(i,)) for i in range(n)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        best = min(best, time.perf_counter() - start)
    os.close(file)
    return best


def measure_torch_stats(path):
    """Seconds once PyTorch is there, and peak MiB."""
    best, memory = float('inf'), 0
    for _ in range(3):
        read, write = os.pipe()
        pid = os.posix_spawnp(sys.executable, [sys.executable, '-c', TORCH_STATS, path], os.environ,
                              file_actions=[(os.POSIX_SPAWN_DUP2, write, 2), (os.POSIX_SPAWN_CLOSE, read)])
        os.close(write)
        with open(read, encoding='utf-8') as text:
            best = min(best, float(text.read().split()[-1]))
        memory = max(memory, os.wait4(pid, 0)[2].ru_maxrss / 1024)
    return best, memory


def stats_rows(folder):
    """The figures of every tensor: min, max, mean, std, NaN, infinities, zeros and a histogram."""
    yield '', '| all statistics | ckpt stats | PyTorch, once it is loaded | ratio |', '| --- | --- | --- | --- |'
    path = folder / 'gpt2.pt'
    ours, our_memory = measure(['ckpt', 'stats', path])
    theirs, their_memory = measure_torch_stats(path)
    yield (f'| GPT-2 with AdamW, 1.49 GB | {ours:.3f} s, {our_memory:.0f} MiB | {theirs:.2f} s, {their_memory:.0f} MiB '
           f'| {theirs / ours:.1f} × faster, {their_memory / our_memory:.0f} × less memory |',)

    yield '', '| all statistics | time | bytes a second | share of bare reading |', '| --- | --- | --- | --- |'
    first = None
    for name, title in (('gpt2.pt', 'float32'), ('gpt2.legacy.pt', 'float32, legacy'), ('gpt2.bfloat16.pt', 'bfloat16'),
                        ('gpt2.float16.pt', 'float16'), ('large.pt', 'one tensor of 4 GB')):
        path = folder / name
        ours, memory = measure(['ckpt', 'stats', path])
        rate = path.stat().st_size / ours
        first = first or rate
        yield (f'| {title} | {ours:.3f} s, {memory:.0f} MiB | {rate / 1e9:.2f} GB, {rate / first:.0%} of float32 '
               f'| {read_bare(path) / ours:.0%} |',)
    one, _ = measure(['taskset', '-c', '0', 'ckpt', 'stats', folder / 'large.pt'], 2)
    yield (f'| the same on one core | {one:.3f} s | {one / ours:.1f} × slower | |',)


def edit_rows(folder):
    """What an edit would do among very many keys. Opening the file is a part of it, so that stands beside it."""
    yield '', '| edit of 100,000 tensors, without writing | ckpt edit --dry-run | of which opening and planning |', '| --- | --- | --- |'
    path = folder / 'many.pt'
    bare, _ = measure(['ckpt', 'edit', '--dry-run', path, '--device', 'cuda:7=cpu'])
    for title, words in (('rename one key', ['--edit', "rename layers.0.experts.0.weight renamed"]), ('rename all keys', ['--rename-regex', '^', 'x.'])):
        ours, memory = measure(['ckpt', 'edit', '--dry-run', path, *words])
        yield (f'| {title} | {ours:.3f} s, {memory:.0f} MiB | {bare:.3f} s |',)


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


def measure_copying(path, folder):
    """Best seconds of cp, sync and cmp, and of all three together, each time onto a name that is free."""
    copy = folder / 'saved-peer.pt'
    best = [float('inf')] * 4
    for _ in range(3):
        copy.unlink(missing_ok=True)
        os.sync()
        parts = [run_once(command, {})[0] for command in (['cp', str(path), str(copy)], ['sync', str(copy)], ['cmp', str(path), str(copy)])]
        best = [min(*pair) for pair in zip(best, [*parts, sum(parts)])]
    copy.unlink()
    return best


def save_rows(folder):
    """Saved under another name, read back and confirmed by the disk, beside what does that to the same bytes without changing any."""
    yield ('', '| save, confirmed by the disk | ckpt | cp + sync + cmp | ratio |', '| --- | --- | --- | --- |')
    moved, copied = folder / 'saved-cuda.pt', folder / 'saved-cpu.pt'
    for title, command, source, target in (
            ('move 1.49 GB to cuda:0', ['ckpt', 'edit', folder / 'gpt2.pt', moved, '--device', '*=cuda:0'], folder / 'gpt2.pt', moved),
            ('CPU copy of 1.49 GB', ['ckpt', 'export', moved, copied, '--cpu'], moved, copied)):
        runs = []
        for _ in range(3):
            target.unlink(missing_ok=True)
            os.sync()
            runs.append(run_once([str(part) for part in command], {}))
        ours, memory = min(seconds for seconds, _ in runs), max(mib for _, mib in runs)
        cp, sync, cmp, theirs = measure_copying(source, folder)
        yield (f'| {title} | {ours:.2f} s, {memory:.0f} MiB | {cp:.2f} + {sync:.2f} + {cmp:.2f}, together {theirs:.2f} s '
               f'| {ours / theirs:.2f} |',)
    moved.unlink()
    copied.unlink()


def describe_machine():
    model = next((line.split(':')[1].strip() for line in open('/proc/cpuinfo') if line.startswith('model name')), platform.machine())
    commit = subprocess.run(['git', '-C', ROOT, 'rev-parse', '--short', 'HEAD'], capture_output=True, text=True).stdout.strip()
    return f'{time.strftime("%Y-%m-%d")}, commit {commit}, {os.cpu_count()} cores ({model}), PyTorch ' + subprocess.run(
        [sys.executable, '-c', 'import torch; print(torch.__version__)'], capture_output=True, text=True).stdout.strip()


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    subprocess.run([sys.executable, HERE / 'make_files.py', folder], check=True)
    lines = [describe_machine(), '']
    for rows in (list_rows, stats_rows, edit_rows, window_rows):
        for group in rows(folder):
            lines.extend(group)
    text = '\n'.join(lines) + '\n'
    out.write_text(text)
    sys.stdout.write(text)


if __name__ == '__main__':
    main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""bus-test.py STATEROOM FIXTURES: the program as others see it: its command line, one instance, its actions on D-Bus."""

import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

NAME = 'io.github.stateroom.Stateroom'
WINDOW = '/io/github/stateroom/Stateroom/window/1'
LONGEST_S = 30


def wait_until(condition):
    """The value of condition() once it is true; it concerns another process, so there is nothing to wait on."""
    end = time.monotonic() + LONGEST_S
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(condition.__doc__)
        time.sleep(0.02)
    return value


class Window:
    """The actions of the first window."""

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def call(self, method, parameters, path=WINDOW):
        try:
            return self.bus.call_sync(NAME, path, 'org.gtk.Actions', method, parameters, None, Gio.DBusCallFlags.NO_AUTO_START,
                                      2000, None).unpack()
        except GLib.Error:
            return None

    def list_actions(self):
        """the window is on the bus"""
        names = self.call('List', None)
        return names[0] if names else None

    def is_enabled(self, name):
        return self.call('Describe', GLib.Variant('(s)', (name,)))[0][0]

    def state(self, name):
        return self.call('Describe', GLib.Variant('(s)', (name,)))[0][2]

    def activate(self, name, *parameters, path=WINDOW):
        variants = [GLib.Variant('s', parameter) for parameter in parameters]
        return self.call('Activate', GLib.Variant('(sava{sv})', (name, variants, {})), path)


def test_version(program, fixtures):
    done = subprocess.run([program, '--version'], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith('Stateroom '), done


def test_actions(program, fixtures):
    process = subprocess.Popen([program, fixtures / 'cuda1_multi_item.pt'])
    window = Window()
    actions = wait_until(window.list_actions)
    for name in ('open', 'select-path', 'find', 'view-mode', 'close-tab', 'show-inspector', 'fullscreen'):
        assert name in actions, name
    wait_until(lambda: window.is_enabled('select-path'))
    assert window.state('view-mode') == ['tree']
    window.activate('view-mode', 'flat')
    wait_until(lambda: window.state('view-mode') == ['flat'])
    window.activate('view-mode', 'no such mode')
    assert window.state('view-mode') == ['flat']
    window.activate('find', 'weight')
    wait_until(lambda: window.state('search') == [True])
    # A second start hands its file to the first, and ends.
    second = subprocess.run([program, fixtures / 'state_dict.pt'], timeout=LONGEST_S)
    assert second.returncode == 0 and process.poll() is None
    # Its tab has no search; closing it goes back to the one that has.
    wait_until(lambda: window.state('search') == [False] and window.is_enabled('find'))
    window.activate('close-tab')
    wait_until(lambda: window.state('search') == [True])
    window.activate('quit', path='/io/github/stateroom/Stateroom')
    assert process.wait(LONGEST_S) == 0


def test_picture(program, fixtures):
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder) / 'picture.png'
        command = [program, f'--screenshot={picture}', '--screenshot-size=800x600', fixtures / 'cuda1_multi_item.pt']
        assert subprocess.run(command, timeout=2 * LONGEST_S).returncode == 0
        data = picture.read_bytes()
        assert data[:8] == b'\x89PNG\r\n\x1a\n' and struct.unpack('>II', data[16:24]) == (800, 600), data[:24]
        done = subprocess.run([*command, '--select', 'nothing/there'], capture_output=True, timeout=2 * LONGEST_S)
        assert done.returncode != 0 and done.stderr, done


def main():
    program, fixtures = sys.argv[1], pathlib.Path(sys.argv[2])
    tests = [test_version, test_actions, test_picture]
    print(f'1..{len(tests)}')
    for number, test in enumerate(tests, 1):
        try:
            test(program, fixtures)
            print(f'ok {number} - {test.__name__}')
        except Exception as error:
            print(f'not ok {number} - {test.__name__}: {error!r}')


main()

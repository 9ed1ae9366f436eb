# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of edits share: lines of a recipe, and saving what they give."""
import ctypes
import os
import tempfile

from harness import Tree, _folder, function, lib

_pointer = ctypes.c_void_p


class CkptSaveOptions(ctypes.Structure):
    _fields_ = [("container", ctypes.c_int), ("alignment", ctypes.c_uint), ("folder", ctypes.c_char_p), ("anew", ctypes.c_int),
                ("leaves_out", ctypes.c_int), ("flags", ctypes.c_int)]


_parse = function("ckpt_edit_parse", _pointer, ctypes.c_char_p)
_apply = function("ckpt_edit_apply", _pointer, _pointer, _pointer, _pointer, _pointer)
_save = function("ckpt_save", ctypes.c_int, _pointer, ctypes.c_char_p, ctypes.POINTER(CkptSaveOptions), _pointer, _pointer, _pointer,
                 _pointer)
lib.ckpt_edit_unref.argtypes = [_pointer]
lib.ckpt_effect_new.restype = _pointer
lib.ckpt_effect_free.argtypes = [_pointer]
lib.ckpt_tree_get_container.argtypes = [_pointer]


def edit(tree, *lines):
    """The tree after some lines of a recipe."""
    for line in lines:
        parsed, effect = _parse(line.encode()), lib.ckpt_effect_new()
        changed = Tree.__new__(Tree)
        changed.tree = _apply(parsed, tree.tree, effect, None)
        lib.ckpt_edit_unref(parsed)
        lib.ckpt_effect_free(effect)
        tree = changed
    return tree


def save_tree(tree):
    """The path of a new file with a tree, in its own container."""
    path = os.path.join(tempfile.mkdtemp(dir=_folder), "edited.pt")
    options = CkptSaveOptions(container=lib.ckpt_tree_get_container(tree.tree))
    _save(tree.tree, os.fsencode(path), ctypes.byref(options), None, None, None, None)
    return path

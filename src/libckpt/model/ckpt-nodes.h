/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-error.h"

G_BEGIN_DECLS

/* Names a value within one tree. */
typedef guint32 CkptNodeId;
#define CKPT_NO_NODE G_MAXUINT32

/**
 * CkptKind:
 * @CKPT_KIND_GLOBAL: a class or function that the file names; never resolved
 * @CKPT_KIND_TENSOR: a call that rebuilds a tensor (raw nodes never have it: see ckpt_tree_get_kind())
 * @CKPT_KIND_STORAGE: a persistent id that names a storage (likewise)
 * @CKPT_KIND_OBJECT: anything made by calling something: how it is made is kept, nothing is called
 * @CKPT_KIND_PERSISTENT_ID: a persistent id of another kind
 */
typedef enum
{
  CKPT_KIND_NONE,
  CKPT_KIND_BOOL,
  CKPT_KIND_INT,
  CKPT_KIND_FLOAT,
  CKPT_KIND_STRING,
  CKPT_KIND_BYTES,
  CKPT_KIND_BYTEARRAY,
  CKPT_KIND_LIST,
  CKPT_KIND_TUPLE,
  CKPT_KIND_DICT,
  CKPT_KIND_SET,
  CKPT_KIND_FROZENSET,
  CKPT_KIND_GLOBAL,
  CKPT_KIND_TENSOR,
  CKPT_KIND_STORAGE,
  CKPT_KIND_OBJECT,
  CKPT_KIND_PERSISTENT_ID,
} CkptKind;

/**
 * CkptNodeFlags:
 * @CKPT_NODE_PUT: a PUT followed: the pickle stored it in its memo
 * @CKPT_NODE_BIG_INT: an int beyond 64 bits: its bytes are two's complement, little-endian
 * @CKPT_NODE_DECIMAL: an int beyond 64 bits: its text is decimal digits
 * @CKPT_NODE_LONG: only the first bytes of the text are in memory; the rest is read from the record when asked for
 * @CKPT_NODE_PYTHON2: a str of Python 2, that is bytes
 * @CKPT_NODE_CHUNKED: a list, dict or set that was edited: its children are in pieces, so that an edit changes few of them
 * @CKPT_NODE_ITERATED: of a list or dict: its items are in the batches that Python's pickler makes of an iterator, not of a list or dict
 * @CKPT_NODE_STATE_CALL: of an object: its state is a call that sets it, whose result was dropped, rather than the argument of BUILD
 * @CKPT_NODE_PYTHON3: of a global: it has the name that Python 3 knows, which protocol 2 spells as Python 2 did
 * @CKPT_NODE_FRESH: of a list, tuple, dict or set: an argument that was made anew each time the object was pickled, once within itself
 * @CKPT_NODE_STATE_FIRST: of an object: its state was set before its items
 * @CKPT_NODE_CUT: of a global: only the beginning of its name is kept
 *
 * The last six share two bits, as no kind of value has more than two of them.
 */
typedef enum
{
  CKPT_NODE_PUT = 1 << 0,
  CKPT_NODE_BIG_INT = 1 << 1,
  CKPT_NODE_DECIMAL = 1 << 2,
  CKPT_NODE_LONG = 1 << 3,
  CKPT_NODE_PYTHON2 = 1 << 4,
  CKPT_NODE_CHUNKED = 1 << 5,
  CKPT_NODE_ITERATED = 1 << 6,
  CKPT_NODE_STATE_CALL = 1 << 6,
  CKPT_NODE_PYTHON3 = 1 << 6,
  CKPT_NODE_FRESH = 1 << 7,
  CKPT_NODE_STATE_FIRST = 1 << 7,
  CKPT_NODE_CUT = 1 << 7,
} CkptNodeFlags;

/* What the children of a raw CKPT_KIND_OBJECT are, in this order; CKPT_NO_NODE where it has none. */
typedef enum
{
  CKPT_SLOT_CALLABLE,   /* the function or class; of a STACK_GLOBAL whose names are no strings: the module */
  CKPT_SLOT_ARGS,       /* of a STACK_GLOBAL whose names are no strings: the name */
  CKPT_SLOT_KWARGS,     /* NEWOBJ_EX only */
  CKPT_SLOT_STATE,      /* the argument of BUILD */
  CKPT_SLOT_DICT_ITEMS, /* a dict of what SETITEM(S) put in */
  CKPT_SLOT_LIST_ITEMS, /* a list of what APPEND(S) or ADDITEMS put in */
  CKPT_N_SLOTS,
} CkptSlot;

/* The values of a file: append-only arrays, named by 32-bit ids, without pointers. Filled by one thread, then only read. */
typedef struct _CkptNodes CkptNodes;

CkptNodes        *ckpt_nodes_new            (void);
void              ckpt_nodes_free           (CkptNodes        *self);

/* Making values. All fail with CKPT_ERROR_LIMIT when the budget is used up, and then return CKPT_NO_NODE. */
CkptNodeId        ckpt_nodes_add_none       (CkptNodes        *self,
                                             GError          **error);
CkptNodeId        ckpt_nodes_add_bool       (CkptNodes        *self,
                                             gboolean          value,
                                             GError          **error);
CkptNodeId        ckpt_nodes_add_int        (CkptNodes        *self,
                                             gint64            value,
                                             guint8            opcode,
                                             GError          **error);
CkptNodeId        ckpt_nodes_add_float      (CkptNodes        *self,
                                             double            value,
                                             guint8            opcode,
                                             GError          **error);
/* A value with text: string, bytes, bytearray, big int, or a global (its module and name joined by a newline). */
CkptNodeId        ckpt_nodes_add_text       (CkptNodes        *self,
                                             CkptKind          kind,
                                             CkptNodeFlags     flags,
                                             guint8            opcode,
                                             const void       *text,
                                             gsize             length,
                                             GError          **error);
/* A text of which only @prefix is kept: all of it stands at @position of record @record of the archive. */
CkptNodeId        ckpt_nodes_add_long_text  (CkptNodes        *self,
                                             CkptKind          kind,
                                             CkptNodeFlags     flags,
                                             guint8            opcode,
                                             const void       *prefix,
                                             gsize             prefix_length,
                                             guint64           length,
                                             guint32           record,
                                             guint64           position,
                                             GError          **error);
/* A list, tuple, dict (children: key, value, key, value, ...), set, frozenset, object (CKPT_N_SLOTS children) or persistent id (one child). */
CkptNodeId        ckpt_nodes_add_container  (CkptNodes        *self,
                                             CkptKind          kind,
                                             guint8            opcode,
                                             guint64           position,
                                             const CkptNodeId *children,
                                             guint32           n_children,
                                             GError          **error);
gboolean          ckpt_nodes_append         (CkptNodes        *self,
                                             CkptNodeId        container,
                                             const CkptNodeId *children,
                                             guint32           n_children,
                                             GError          **error);
void              ckpt_nodes_set_child      (CkptNodes        *self,
                                             CkptNodeId        container,
                                             guint32           index,
                                             CkptNodeId        child);
void              ckpt_nodes_truncate       (CkptNodes        *self,
                                             CkptNodeId        container,
                                             guint32           n_children);
void              ckpt_nodes_set_flag       (CkptNodes        *self,
                                             CkptNodeId        node,
                                             CkptNodeFlags     flag);
void              ckpt_nodes_clear_flag     (CkptNodes        *self,
                                             CkptNodeId        node,
                                             CkptNodeFlags     flag);
/* Charges memory that the decoder keeps beside the nodes (memo, stack) to the same budget, and takes it back. */
gboolean          ckpt_nodes_charge         (CkptNodes        *self,
                                             guint64           n_bytes,
                                             GError          **error);
void              ckpt_nodes_uncharge       (CkptNodes        *self,
                                             guint64           n_bytes);

/* Reading them. Ids must be of this object. */
guint32           ckpt_nodes_get_n          (const CkptNodes  *self);
guint64           ckpt_nodes_get_memory     (const CkptNodes  *self);
CkptKind          ckpt_nodes_get_kind       (const CkptNodes  *self,
                                             CkptNodeId        node);
CkptNodeFlags     ckpt_nodes_get_flags      (const CkptNodes  *self,
                                             CkptNodeId        node);
guint8            ckpt_nodes_get_opcode     (const CkptNodes  *self,
                                             CkptNodeId        node);
gint64            ckpt_nodes_get_int        (const CkptNodes  *self,
                                             CkptNodeId        node);
double            ckpt_nodes_get_float      (const CkptNodes  *self,
                                             CkptNodeId        node);
/* Always followed by a NUL byte that does not count. Of a long text: its first bytes. */
const char       *ckpt_nodes_get_text       (const CkptNodes  *self,
                                             CkptNodeId        node,
                                             gsize            *length);
guint64           ckpt_nodes_get_length     (const CkptNodes  *self,
                                             CkptNodeId        node);
gboolean          ckpt_nodes_get_long_place (const CkptNodes  *self,
                                             CkptNodeId        node,
                                             guint32          *record,
                                             guint64          *position);
/* All in a row, for what is small by nature: arguments, slots, persistent ids. Not for a list, dict or set that may have been edited. */
const CkptNodeId *ckpt_nodes_get_children   (const CkptNodes  *self,
                                             CkptNodeId        node,
                                             guint32          *n_children);
/* One by one, for every container. */
CkptNodeId        ckpt_nodes_get_child      (const CkptNodes  *self,
                                             CkptNodeId        node,
                                             guint32           index);
/* The value whose content @node has: the same for two ids that an edit has made one object. */
CkptNodeId        ckpt_nodes_get_content    (const CkptNodes  *self,
                                             CkptNodeId        node);
CkptNodeId        ckpt_nodes_get_slot       (const CkptNodes  *self,
                                             CkptNodeId        object,
                                             CkptSlot          slot);
/* Byte of the pickle where the opcode that made an object or container stands. */
guint64           ckpt_nodes_get_position   (const CkptNodes  *self,
                                             CkptNodeId        node);
/* A number that later stages keep with an object or persistent id (what it was recognised as); 0 at first. */
void              ckpt_nodes_set_tag        (CkptNodes        *self,
                                             CkptNodeId        node,
                                             guint32           tag);
guint32           ckpt_nodes_get_tag        (const CkptNodes  *self,
                                             CkptNodeId        node);
/* TRUE if @node is the global @module.@name. */
gboolean          ckpt_nodes_is_global      (const CkptNodes  *self,
                                             CkptNodeId        node,
                                             const char       *module,
                                             const char       *name);

/* Versions: see model/ckpt-draft.h. */
CkptNodes        *ckpt_nodes_new_version    (CkptNodes        *from,
                                             gboolean          with_own_store);
void              ckpt_nodes_seal           (CkptNodes        *self);
void              ckpt_nodes_replace        (CkptNodes        *self,
                                             CkptNodeId        node,
                                             CkptNodeId        with);
CkptNodeId        ckpt_nodes_copy           (CkptNodes        *self,
                                             CkptNodeId        node,
                                             GError          **error);
gboolean          ckpt_nodes_splice         (CkptNodes        *self,
                                             CkptNodeId        container,
                                             guint32           at,
                                             guint32           n_removed,
                                             const CkptNodeId *added,
                                             guint32           n_added,
                                             GError          **error);
gboolean          ckpt_nodes_put_child      (CkptNodes        *self,
                                             CkptNodeId        container,
                                             guint32           index,
                                             CkptNodeId        child,
                                             GError          **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptNodes, ckpt_nodes_free)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-encoder-private.h"

/* How an object is made. */
typedef enum
{
  STYLE_CALL,      /* callable, arguments (and keywords), opcode */
  STYLE_GROUP,     /* MARK, class, each argument, OBJ */
  STYLE_EXTENSION, /* a registered number */
  STYLE_PARTIAL,   /* NEWOBJ_EX, which protocol 2 lacks: functools.partial (class.__new__, class, ...) () */
} Style;

/* What of an object comes next. */
enum
{
  PART_CALLABLE,
  PART_ARGS,
  PART_KWARGS,
  PART_MAKE,
  PART_FIRST, /* list items, dict items, state; or state, list items, dict items */
  PART_SECOND,
  PART_THIRD,
  PART_END,
};

static gboolean
has_kind (CkptEncoder *self, CkptNodeId node, CkptKind kind)
{
  return node != CKPT_NO_NODE && ckpt_nodes_get_kind (self->nodes, node) == kind;
}

static Style
get_style (CkptEncoder *self, CkptNodeId object)
{
  gboolean is_group = has_kind (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS),
                                CKPT_KIND_TUPLE);

  switch (ckpt_nodes_get_opcode (self->nodes, object))
    {
    case CKPT_OP_INST:
    case CKPT_OP_OBJ:
      return is_group ? STYLE_GROUP : STYLE_CALL;
    case CKPT_OP_NEWOBJ_EX:
      return is_group ? STYLE_PARTIAL : STYLE_CALL;
    case CKPT_OP_EXT1:
    case CKPT_OP_EXT2:
    case CKPT_OP_EXT4:
      return STYLE_EXTENSION;
    default:
      return STYLE_CALL;
    }
}

static gboolean
enter_arguments (CkptEncoder *self, CkptNodeId object, gboolean has_mark, GError **error)
{
  const CkptEncoderFrame frame = { .node = object, .form = CKPT_ENCODER_ARGUMENTS };

  return (!has_mark || ckpt_encoder_write_opcode (self, CKPT_OP_MARK, error)) &&
         ckpt_encoder_enter (self, &frame, error);
}

/* Parts of the tuple of a class and its arguments. */
static guint64
count_arguments (CkptEncoder *self, CkptNodeId object)
{
  return 1 + ckpt_nodes_get_length (self->nodes, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS));
}

static gboolean
visit_slot (CkptEncoder *self, CkptNodeId object, CkptSlot slot, GError **error)
{
  CkptNodeId child = ckpt_nodes_get_slot (self->nodes, object, slot);

  return child == CKPT_NO_NODE || ckpt_encoder_visit (self, child, error);
}

/* CPython gives functools.partial a state that names its function again (Modules/_functoolsmodule.c: partial_reduce()). */
static gboolean
begin_partial (CkptEncoder *self, CkptNodeId object, GError **error)
{
  return ckpt_encoder_write_word (self, CKPT_ENCODER_PARTIAL, error) &&
         ckpt_encoder_write_word (self, CKPT_ENCODER_GETATTR, error) &&
         visit_slot (self, object, CKPT_SLOT_CALLABLE, error);
}

static gboolean
go_on_with_partial (CkptEncoder *self, CkptNodeId object, GError **error)
{
  guint32 function;

  if (!ckpt_encoder_write_word (self, CKPT_ENCODER_NEW, error) ||
      !ckpt_encoder_write_opcode (self, CKPT_OP_TUPLE2, error) || !ckpt_encoder_put_other (self, error) ||
      !ckpt_encoder_write_opcode (self, CKPT_OP_REDUCE, error) || !ckpt_encoder_put_other (self, error))
    return FALSE;
  function = self->n_memo;
  return ckpt_encoder_write_opcode (self, CKPT_OP_TUPLE1, error) && ckpt_encoder_put_other (self, error) &&
         ckpt_encoder_write_opcode (self, CKPT_OP_REDUCE, error) && ckpt_encoder_put_other (self, error) &&
         ckpt_encoder_write_opcode (self, CKPT_OP_MARK, error) && ckpt_encoder_get (self, function, error) &&
         enter_arguments (self, object, count_arguments (self, object) > 3, error);
}

static gboolean
end_partial (CkptEncoder *self, GError **error)
{
  return ckpt_encoder_write (self, "Nt", 2, error) && ckpt_encoder_put_other (self, error) &&
         ckpt_encoder_write (self, "b)R", 3, error);
}

static gboolean
write_extension (CkptEncoder *self, CkptNodeId object, GError **error)
{
  guint32 code = ckpt_nodes_get_int (self->nodes,
                                     ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_CALLABLE));

  if (code <= G_MAXUINT8)
    return ckpt_encoder_write_number (self, CKPT_OP_EXT1, code, 1, error);
  return code <= G_MAXUINT16 ? ckpt_encoder_write_number (self, CKPT_OP_EXT2, code, 2, error)
                             : ckpt_encoder_write_number (self, CKPT_OP_EXT4, code, 4, error);
}

/* The opcode that makes an object of what was written. */
static gboolean
make (CkptEncoder *self, CkptNodeId object, GError **error)
{
  guint8 opcode = ckpt_nodes_get_opcode (self->nodes, object);

  switch (get_style (self, object))
    {
    case STYLE_GROUP:
      return ckpt_encoder_write_opcode (self, CKPT_OP_OBJ, error);
    case STYLE_EXTENSION:
      return write_extension (self, object, error);
    case STYLE_PARTIAL:
      return end_partial (self, error);
    default:
      break;
    }
  switch (opcode)
    {
    case CKPT_OP_NEWOBJ:
    case CKPT_OP_NEWOBJ_EX:
    case CKPT_OP_STACK_GLOBAL:
      return ckpt_encoder_write_opcode (self, opcode, error);
    default:
      return ckpt_encoder_write_opcode (self, CKPT_OP_REDUCE, error);
    }
}

/* Whether an object is made of a list or dict that its class copies, so that the list must be complete by then. */
static gboolean
is_copying (CkptEncoder *self, CkptNodeId object)
{
  static const struct
  {
    const char *module;
    const char *name;
  } classes[] = {
    { "__builtin__", "set" },    { "__builtin__", "frozenset" },   { "builtins", "set" },
    { "builtins", "frozenset" }, { "__builtin__", "dict" },        { "__builtin__", "list" },
    { "__builtin__", "tuple" },  { "collections", "OrderedDict" }, { "collections", "Counter" },
    { "collections", "deque" },
  };
  CkptNodeId callable = ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_CALLABLE);
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS);
  CkptNodeId first;

  if (ckpt_nodes_get_opcode (self->nodes, object) != CKPT_OP_REDUCE ||
      !has_kind (self, args, CKPT_KIND_TUPLE) || ckpt_nodes_get_length (self->nodes, args) == 0)
    return FALSE;
  first = ckpt_nodes_get_child (self->nodes, args, 0);
  if (!has_kind (self, first, CKPT_KIND_LIST) && !has_kind (self, first, CKPT_KIND_DICT))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (ckpt_nodes_is_global (self->nodes, callable, classes[i].module, classes[i].name))
      return TRUE;
  return FALSE;
}

/* Writes up to @part of what an object is made of, or past it if there is nothing to be visited. */
static gboolean
step_making (CkptEncoder *self, CkptNodeId object, guint part, GError **error)
{
  Style style = get_style (self, object);

  if (part == PART_ARGS && is_copying (self, object))
    return ckpt_encoder_enter_copied (self, ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS), error);
  if (style == STYLE_CALL)
    return visit_slot (self, object, CKPT_SLOT_CALLABLE + part - PART_CALLABLE, error);
  if (style == STYLE_GROUP)
    return part != PART_CALLABLE || enter_arguments (self, object, TRUE, error);
  if (style == STYLE_EXTENSION)
    return TRUE;
  if (part == PART_CALLABLE)
    return begin_partial (self, object, error);
  if (part == PART_ARGS)
    return go_on_with_partial (self, object, error);
  return ckpt_encoder_write_tuple_opcode (self, count_arguments (self, object), error) &&
         ckpt_encoder_put_other (self, error) && visit_slot (self, object, CKPT_SLOT_KWARGS, error);
}

static gboolean
enter_items (CkptEncoder *self, CkptNodeId object, CkptSlot slot, GError **error)
{
  const CkptEncoderFrame frame = { .node = ckpt_nodes_get_slot (self->nodes, object, slot),
                                   .form = CKPT_ENCODER_ITEMS,
                                   .is_iterated = TRUE };

  return frame.node == CKPT_NO_NODE || ckpt_encoder_enter (self, &frame, error);
}

/* The items and the state of an object that stands in the memo already. */
static gboolean
step_filling (CkptEncoder *self, CkptNodeId object, guint part, GError **error)
{
  const gboolean is_state_first = (ckpt_nodes_get_flags (self->nodes, object) & CKPT_NODE_STATE_FIRST) != 0;
  static const CkptSlot slots[2][3] = {
    { CKPT_SLOT_LIST_ITEMS, CKPT_SLOT_DICT_ITEMS, CKPT_SLOT_STATE },
    { CKPT_SLOT_STATE, CKPT_SLOT_LIST_ITEMS, CKPT_SLOT_DICT_ITEMS },
  };
  CkptSlot slot = slots[is_state_first][part - PART_FIRST];

  return slot == CKPT_SLOT_STATE ? visit_slot (self, object, slot, error)
                                 : enter_items (self, object, slot, error);
}

/* After the state of an object: what sets it. */
static gboolean
set_state (CkptEncoder *self, CkptNodeId object, GError **error)
{
  gboolean is_call = (ckpt_nodes_get_flags (self->nodes, object) & CKPT_NODE_STATE_CALL) != 0;

  if (ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE) == CKPT_NO_NODE)
    return TRUE;
  return ckpt_encoder_write_opcode (self, is_call ? CKPT_OP_POP : CKPT_OP_BUILD, error);
}

gboolean
ckpt_encoder_step_object (CkptEncoder *self, GError **error)
{
  CkptEncoderFrame *frame = &self->frames[self->n_frames - 1];
  CkptNodeId object = frame->node;
  guint part = frame->next++;
  gboolean is_state_first = (ckpt_nodes_get_flags (self->nodes, object) & CKPT_NODE_STATE_FIRST) != 0;

  if (part < PART_MAKE)
    return step_making (self, object, part, error);
  if (part == PART_MAKE)
    {
      if (!make (self, object, error))
        return FALSE;
      return *ckpt_encoder_memo (self, object) != 0 ? ckpt_encoder_leave_made (self, object, "0", error)
                                                    : ckpt_encoder_put (self, object, error);
    }
  if (part == (is_state_first ? PART_SECOND : PART_END) && !set_state (self, object, error))
    return FALSE;
  return part == PART_END ? ckpt_encoder_leave (self) : step_filling (self, object, part, error);
}

gboolean
ckpt_encoder_step_arguments (CkptEncoder *self, GError **error)
{
  CkptEncoderFrame *frame = &self->frames[self->n_frames - 1];
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, frame->node, CKPT_SLOT_ARGS);
  guint32 i = frame->next++;

  if (i == 0)
    return visit_slot (self, frame->node, CKPT_SLOT_CALLABLE, error);
  if (i > ckpt_nodes_get_length (self->nodes, args))
    return ckpt_encoder_leave (self);
  return ckpt_encoder_visit (self, ckpt_nodes_get_child (self->nodes, args, i - 1), error);
}

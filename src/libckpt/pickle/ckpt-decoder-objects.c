/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>

#include "model/ckpt-text.h"

CkptNodeId
ckpt_decoder_add_object (CkptDecoder *self,
                         CkptNodeId callable,
                         CkptNodeId args,
                         CkptNodeId kwargs,
                         GError **error)
{
  const CkptNodeId slots[CKPT_N_SLOTS] = {
    [CKPT_SLOT_CALLABLE] = callable,       [CKPT_SLOT_ARGS] = args,
    [CKPT_SLOT_KWARGS] = kwargs,           [CKPT_SLOT_STATE] = CKPT_NO_NODE,
    [CKPT_SLOT_DICT_ITEMS] = CKPT_NO_NODE, [CKPT_SLOT_LIST_ITEMS] = CKPT_NO_NODE,
  };

  return ckpt_nodes_add_container (self->nodes, CKPT_KIND_OBJECT, self->in.opcode, self->in.position, slots,
                                   CKPT_N_SLOTS, error);
}

/* What a call gives may itself be called, and a persistent id may stand for a class. */
static gboolean
can_be_called (CkptKind kind)
{
  return kind == CKPT_KIND_GLOBAL || kind == CKPT_KIND_OBJECT || kind == CKPT_KIND_PERSISTENT_ID;
}

static void
check_call (CkptDecoder *self, CkptNodeId object)
{
  CkptNodeId callable = ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_CALLABLE);
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_ARGS);
  CkptNodeId kwargs = ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_KWARGS);
  CkptKind args_kind = ckpt_nodes_get_kind (self->nodes, args);
  CkptKind kwargs_kind = kwargs != CKPT_NO_NODE ? ckpt_nodes_get_kind (self->nodes, kwargs) : CKPT_KIND_DICT;

  if (!can_be_called (ckpt_nodes_get_kind (self->nodes, callable)))
    ckpt_decoder_locate (
        self,
        ckpt_warnings_add (self->warnings, "callable-not-global", CKPT_DECODER_HERE (self),
                           _ ("An object is made from a value that is no class; Python cannot load it.")),
        object);
  if ((args_kind != CKPT_KIND_TUPLE && args_kind != CKPT_KIND_OBJECT) ||
      (kwargs_kind != CKPT_KIND_DICT && kwargs_kind != CKPT_KIND_OBJECT))
    ckpt_decoder_locate (
        self,
        ckpt_warnings_add (self->warnings, "args-not-tuple", CKPT_DECODER_HERE (self),
                           _ ("An object is made with arguments of the wrong kind; Python cannot load it.")),
        object);
}

static gboolean
push_call (CkptDecoder *self, CkptNodeId callable, CkptNodeId args, CkptNodeId kwargs, GError **error)
{
  CkptNodeId object = ckpt_decoder_add_object (self, callable, args, kwargs, error);

  if (!ckpt_decoder_push (self, object, error))
    return FALSE;
  check_call (self, object);
  return TRUE;
}

gboolean
ckpt_decode_binpersid (CkptDecoder *self, GError **error)
{
  CkptNodeId id;

  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  id = ckpt_stack_peek (&self->stack, 0);
  self->stack.n_values--;
  return ckpt_decoder_push (self,
                            ckpt_nodes_add_container (self->nodes, CKPT_KIND_PERSISTENT_ID, self->in.opcode,
                                                      self->in.position, &id, 1, error),
                            error);
}

/* A number that the program which wrote the file had registered for a class: which one, the file does not say. */
gboolean
ckpt_decode_ext (CkptDecoder *self, GError **error)
{
  gint32 code = ckpt_instruction_number (self->in.bytes, self->in.length);
  CkptNodeId node;

  if (code <= 0)
    return ckpt_decoder_fail (self, error, CKPT_ERROR_MALFORMED, "pickle-extension", self->in.position + 1,
                              _ ("The list of values is damaged: %d is no number of a registered class."),
                              code);
  node = ckpt_nodes_add_int (self->nodes, code, self->in.opcode, error);
  return node != CKPT_NO_NODE &&
         ckpt_decoder_push (self, ckpt_decoder_add_object (self, node, CKPT_NO_NODE, CKPT_NO_NODE, error),
                            error);
}

/* REDUCE and NEWOBJ. */
gboolean
ckpt_decode_call (CkptDecoder *self, GError **error)
{
  if (!ckpt_decoder_need (self, 2, error))
    return FALSE;
  self->stack.n_values -= 2;
  return push_call (self, self->stack.values[self->stack.n_values],
                    self->stack.values[self->stack.n_values + 1], CKPT_NO_NODE, error);
}

gboolean
ckpt_decode_newobj_ex (CkptDecoder *self, GError **error)
{
  const CkptNodeId *values;

  if (!ckpt_decoder_need (self, 3, error))
    return FALSE;
  self->stack.n_values -= 3;
  values = self->stack.values + self->stack.n_values;
  return push_call (self, values[0], values[1], values[2], error);
}

/* Makes an object of @callable with the @n_args values from index @first of the stack on. */
static gboolean
push_call_with (CkptDecoder *self, CkptNodeId callable, guint32 first, guint32 n_args, GError **error)
{
  guint8 opcode = n_args == 0 ? CKPT_OP_EMPTY_TUPLE : 0;
  CkptNodeId args = ckpt_nodes_add_container (self->nodes, CKPT_KIND_TUPLE, opcode, self->in.position,
                                              self->stack.values + first, n_args, error);

  return args != CKPT_NO_NODE && push_call (self, callable, args, CKPT_NO_NODE, error);
}

gboolean
ckpt_decode_inst (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_args = 0;
  CkptNodeId callable;

  if (!ckpt_decoder_pop_mark (self, &first, &n_args, error))
    return FALSE;
  callable = ckpt_decoder_add_global (self, error);
  self->stack.n_values = first;
  return callable != CKPT_NO_NODE && push_call_with (self, callable, first, n_args, error);
}

gboolean
ckpt_decode_obj (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_values = 0;
  g_autofree char *position = NULL;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error))
    return FALSE;
  self->stack.n_values = first;
  if (n_values > 0)
    return push_call_with (self, self->stack.values[first], first + 1, n_values - 1, error);
  position = ckpt_text_count (self->in.position);
  return ckpt_decoder_fail (self, error, CKPT_ERROR_MALFORMED, "pickle-stack", self->in.position,
                            _ ("The list of values is damaged: %s at byte %s has no class."),
                            self->in.info->name, position);
}

gboolean
ckpt_decode_build (CkptDecoder *self, GError **error)
{
  CkptNodeId target, state;

  if (!ckpt_decoder_need (self, 2, error))
    return FALSE;
  target = ckpt_stack_peek (&self->stack, 1);
  state = ckpt_stack_peek (&self->stack, 0);
  self->stack.n_values--;
  if (ckpt_nodes_get_kind (self->nodes, target) != CKPT_KIND_OBJECT)
    {
      ckpt_decoder_locate (
          self,
          ckpt_warnings_add (self->warnings, "odd-target", CKPT_DECODER_HERE (self),
                             _ ("A value that is no object is given a state; it is left out.")),
          target);
      return TRUE;
    }
  if (ckpt_nodes_get_slot (self->nodes, target, CKPT_SLOT_STATE) != CKPT_NO_NODE)
    ckpt_decoder_locate (self,
                         ckpt_warnings_add (self->warnings, "second-state", CKPT_DECODER_HERE (self),
                                            _ ("An object is given a state twice; the last one is shown.")),
                         target);
  ckpt_nodes_set_child (self->nodes, target, CKPT_SLOT_STATE, state);
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

/* Python's pickler drops a call for two reasons (save_reduce() of CPython's Modules/_pickle.c):
 *
 * - The call set the state of the object below it, in place of BUILD: GLOBAL setter, GET object, state, TUPLE2, REDUCE, POP.
 * - While the arguments of an object were pickled, the object was met again, and was pickled whole there. What was made of the arguments
 *   outside is dropped, and GET brings the one from within. If the arguments are not the same both times, they were made anew each time;
 *   to pickle the one from within they must be so again, since those outside are not complete yet.
 */

/* Whether @call is of a function that gets @object and a state, and @object has no state so far. */
static gboolean
sets_state_of (CkptDecoder *self, CkptNodeId call, CkptNodeId object)
{
  CkptNodeId args = ckpt_nodes_get_slot (self->nodes, call, CKPT_SLOT_ARGS);
  const CkptNodeId *children;
  guint32 n_children;

  if (ckpt_nodes_get_opcode (self->nodes, call) != CKPT_OP_REDUCE || object == call ||
      ckpt_nodes_get_kind (self->nodes, object) != CKPT_KIND_OBJECT ||
      ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE) != CKPT_NO_NODE ||
      ckpt_nodes_get_kind (self->nodes, args) != CKPT_KIND_TUPLE)
    return FALSE;
  children = ckpt_nodes_get_children (self->nodes, args, &n_children);
  return n_children == 2 && children[0] == object;
}

void
ckpt_decoder_note_pop (CkptDecoder *self, CkptNodeId call)
{
  CkptNodeId object;

  self->popped = CKPT_NO_NODE;
  if (ckpt_nodes_get_kind (self->nodes, call) != CKPT_KIND_OBJECT)
    return;
  self->popped = call;
  self->pop_position = self->in.position;
  if (ckpt_stack_get_n (&self->stack) == 0)
    return;
  object = ckpt_stack_peek (&self->stack, 0);
  if (!sets_state_of (self, call, object))
    return;
  ckpt_nodes_set_child (self->nodes, object, CKPT_SLOT_STATE, call);
  ckpt_nodes_set_flag (self->nodes, object, CKPT_NODE_STATE_CALL);
}

/* Whether @one and @other are two values that may have been made alike. */
static gboolean
is_made_anew (CkptDecoder *self, CkptNodeId one, CkptNodeId other)
{
  CkptKind kind;

  if (one == CKPT_NO_NODE || other == CKPT_NO_NODE || one == other)
    return FALSE;
  kind = ckpt_nodes_get_kind (self->nodes, one);
  return kind == ckpt_nodes_get_kind (self->nodes, other) &&
         (kind == CKPT_KIND_TUPLE || kind == CKPT_KIND_LIST || kind == CKPT_KIND_DICT ||
          kind == CKPT_KIND_SET);
}

/* Marks the arguments of @node, and the containers right among them, that are not those of @call. Each is marked once only, so that no
 * file can make this take long. */
static void
mark_fresh (CkptDecoder *self, CkptNodeId call, CkptNodeId node)
{
  CkptNodeId outer = ckpt_nodes_get_slot (self->nodes, call, CKPT_SLOT_ARGS);
  CkptNodeId inner = ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_ARGS);
  const CkptNodeId *outer_args, *inner_args;
  guint32 n_outer, n_inner;

  if (!is_made_anew (self, outer, inner) ||
      (ckpt_nodes_get_flags (self->nodes, inner) & CKPT_NODE_FRESH) != 0)
    return;
  ckpt_nodes_set_flag (self->nodes, inner, CKPT_NODE_FRESH);
  outer_args = ckpt_nodes_get_children (self->nodes, outer, &n_outer);
  inner_args = ckpt_nodes_get_children (self->nodes, inner, &n_inner);
  for (guint32 i = 0; i < MIN (n_outer, n_inner); i++)
    if (is_made_anew (self, outer_args[i], inner_args[i]))
      ckpt_nodes_set_flag (self->nodes, inner_args[i], CKPT_NODE_FRESH);
}

void
ckpt_decoder_note_get (CkptDecoder *self, CkptNodeId node)
{
  CkptNodeId call = self->popped;

  self->popped = CKPT_NO_NODE;
  if (self->in.position != self->pop_position + 1 || node == call ||
      ckpt_nodes_get_kind (self->nodes, node) != CKPT_KIND_OBJECT ||
      ckpt_nodes_get_opcode (self->nodes, node) != ckpt_nodes_get_opcode (self->nodes, call) ||
      ckpt_nodes_get_slot (self->nodes, node, CKPT_SLOT_CALLABLE) !=
          ckpt_nodes_get_slot (self->nodes, call, CKPT_SLOT_CALLABLE))
    return;
  if (ckpt_stack_get_n (&self->stack) > 0)
    {
      CkptNodeId object = ckpt_stack_peek (&self->stack, 0);

      /* It was no state after all. */
      if (ckpt_nodes_get_kind (self->nodes, object) == CKPT_KIND_OBJECT &&
          ckpt_nodes_get_slot (self->nodes, object, CKPT_SLOT_STATE) == call)
        {
          ckpt_nodes_set_child (self->nodes, object, CKPT_SLOT_STATE, CKPT_NO_NODE);
          ckpt_nodes_clear_flag (self->nodes, object, CKPT_NODE_STATE_CALL);
        }
    }
  mark_fresh (self, call, node);
}

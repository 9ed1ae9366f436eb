/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-nodes.h"

G_BEGIN_DECLS

/**
 * CkptMark:
 * @height: how many values were on the stack
 * @position: byte of the record where the MARK stands
 */
typedef struct
{
  guint32 height;
  guint64 position;
} CkptMark;

/**
 * CkptStack:
 * @values: the values, of all levels
 * @n_values: how many
 * @n_allocated: how many fit
 * @floor: how many are below the last mark, and out of reach of opcodes that take single values
 * @marks: the marks that are open
 * @n_marks: how many
 * @n_marks_allocated: how many fit
 *
 * The stack of the machine that reads a pickle. All zero at first.
 */
typedef struct
{
  CkptNodeId *values;
  guint32 n_values;
  guint32 n_allocated;
  guint32 floor;
  CkptMark *marks;
  guint32 n_marks;
  guint32 n_marks_allocated;
} CkptStack;

void     ckpt_stack_clear     (CkptStack *self,
                               CkptNodes *nodes);
gboolean ckpt_stack_grow      (CkptStack *self,
                               CkptNodes *nodes,
                               GError   **error);
/* FALSE with an error when too many are open. */
gboolean ckpt_stack_push_mark (CkptStack *self,
                               guint64    position,
                               GError   **error);
/* Forgets the last mark, whose values are those from the returned index on. There must be one. */
guint32  ckpt_stack_pop_mark  (CkptStack *self);

static inline gboolean
ckpt_stack_push (CkptStack *self,
                 CkptNodes *nodes,
                 CkptNodeId value,
                 GError   **error)
{
  if (G_UNLIKELY (self->n_values == self->n_allocated) && !ckpt_stack_grow (self, nodes, error))
    return FALSE;
  self->values[self->n_values++] = value;
  return TRUE;
}

/* Values above the last mark. */
static inline guint32
ckpt_stack_get_n (const CkptStack *self)
{
  return self->n_values - self->floor;
}

/* The value that is @depth below the top one; there must be so many. */
static inline CkptNodeId
ckpt_stack_peek (const CkptStack *self,
                 guint32          depth)
{
  return self->values[self->n_values - 1 - depth];
}

G_END_DECLS

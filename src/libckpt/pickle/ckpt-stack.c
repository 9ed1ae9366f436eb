/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-stack.h"

#include <glib/gi18n-lib.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

#define FIRST_VALUES 256u
#define FIRST_MARKS  16u

/**
 * ckpt_stack_clear:
 * @self: a stack
 * @nodes: the values, whose budget paid for it
 *
 * Frees what the stack holds.
 */
void
ckpt_stack_clear (CkptStack *self, CkptNodes *nodes)
{
  ckpt_nodes_uncharge (nodes, self->n_allocated * sizeof (CkptNodeId));
  g_free (self->values);
  g_free (self->marks);
  *self = (CkptStack) { 0 };
}

/**
 * ckpt_stack_grow:
 * @self: a stack
 * @nodes: the values, whose budget pays for it
 * @error: return location
 *
 * Makes room for more values.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT when the budget is used up
 */
gboolean
ckpt_stack_grow (CkptStack *self, CkptNodes *nodes, GError **error)
{
  guint64 n_wanted = MAX ((guint64) self->n_allocated * 2, FIRST_VALUES);
  guint64 n_more_bytes = (n_wanted - self->n_allocated) * sizeof (CkptNodeId);
  CkptNodeId *values;

  if (!ckpt_nodes_charge (nodes, n_more_bytes, error))
    return FALSE;
  values = ckpt_try_realloc (self->values, n_wanted * sizeof (CkptNodeId), error);
  if (values == NULL)
    {
      ckpt_nodes_uncharge (nodes, n_more_bytes);
      return FALSE;
    }
  self->values = values;
  self->n_allocated = n_wanted;
  return TRUE;
}

/**
 * ckpt_stack_push_mark:
 * @self: a stack
 * @position: byte of the record where the MARK stands
 * @error: return location
 *
 * Opens a level.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT when more would be open than are allowed
 */
gboolean
ckpt_stack_push_mark (CkptStack *self, guint64 position, GError **error)
{
  if (self->n_marks == CKPT_LIMIT_DEPTH)
    return ckpt_error_set (error, CKPT_ERROR_LIMIT, "pickle-depth",
                           _ ("The values in this file are nested more than %u levels deep."),
                           CKPT_LIMIT_DEPTH);
  if (self->n_marks == self->n_marks_allocated)
    {
      guint32 n_wanted = MAX (self->n_marks_allocated * 2, FIRST_MARKS);
      CkptMark *marks = ckpt_try_realloc (self->marks, n_wanted * sizeof (CkptMark), error);

      if (marks == NULL)
        return FALSE;
      self->marks = marks;
      self->n_marks_allocated = n_wanted;
    }
  self->marks[self->n_marks++] = (CkptMark) { .height = self->n_values, .position = position };
  self->floor = self->n_values;
  return TRUE;
}

/**
 * ckpt_stack_pop_mark:
 * @self: a stack with an open mark
 *
 * Closes a level; its values stay.
 *
 * Returns: index of the first of its values
 */
guint32
ckpt_stack_pop_mark (CkptStack *self)
{
  guint32 first;

  g_return_val_if_fail (self->n_marks > 0, 0);

  first = self->marks[--self->n_marks].height;
  self->floor = self->n_marks > 0 ? self->marks[self->n_marks - 1].height : 0;
  return first;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-dead.h"
#include "analysis/ckpt-findings-private.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>

/* A slice of fewer values may be zero by chance. */
#define MIN_SLICE 4
/* Elements that are read for this at most: half a gigabyte of bfloat16. */
#define MAX_ELEMENTS ((guint64) 1 << 28)

static gboolean
is_candidate (const CkptSubject *subject)
{
  const CkptRoleFlags without = CKPT_ROLE_BUFFER | CKPT_ROLE_MASK | CKPT_ROLE_OPTIMIZER |
                                CKPT_ROLE_ZERO_INIT | CKPT_ROLE_BIAS;

  return (subject->role.flags & CKPT_ROLE_WEIGHT) != 0 && (subject->role.flags & without) == 0 &&
         !subject->is_part && subject->tensor->n_dims >= 2 && subject->tensor->numel <= MAX_ELEMENTS &&
         subject->stats.n_missing == 0 && !ckpt_subject_is_zero (subject);
}

/* Whether there are zeros enough for a slice along a dimension. */
static gboolean
can_have_dead (const CkptSubject *subject, guint dimension)
{
  guint64 size = (guint64) subject->tensor->shape[dimension], n = subject->tensor->numel / size;

  return size > 1 && n >= MIN_SLICE && subject->stats.n_zero >= n;
}

/* nn.Embedding (padding_idx=...) has one zero row; one that was made larger than the vocabulary has some at its end. */
static gboolean
is_padding (CkptLooking *self, const CkptSubject *subject, const CkptDeadSlices *rows)
{
  guint64 size = (guint64) subject->tensor->shape[0];

  if (subject->tensor->n_dims != 2 || ckpt_looking_find_bias (self, subject) != NULL)
    return FALSE;
  if (rows->n == 1 && (rows->first <= 1 || rows->first == size - 1))
    return TRUE;
  return (subject->role.flags & CKPT_ROLE_EMBEDDING) != 0 && rows->n == rows->last - rows->first + 1 &&
         (rows->n == 1 || rows->first == 0 || rows->last == size - 1);
}

static void
add_dead (CkptLooking *self, const CkptSubject *subject, const CkptDeadSlices *dead, guint dimension)
{
  g_autofree char *count = ckpt_text_count (dead->n);
  g_autofree char *all = ckpt_text_count ((guint64) subject->tensor->shape[dimension]);
  g_autofree char *first = ckpt_text_count (dead->first);
  g_autofree char *text = NULL;

  if (dimension == 0)
    text = g_strdup_printf (ngettext ("%s of %s rows (dimension 0) is all zeros: index %s.",
                                      "%s of %s rows (dimension 0) are all zeros, the first at index %s.",
                                      (gulong) dead->n),
                            count, all, first);
  else
    text = g_strdup_printf (ngettext ("%s of %s columns (dimension 1) is all zeros: index %s.",
                                      "%s of %s columns (dimension 1) are all zeros, the first at index %s.",
                                      (gulong) dead->n),
                            count, all, first);
  ckpt_looking_add (self, CKPT_FINDING_NOTE, dimension == 0 ? "dead-rows" : "dead-columns", subject, dead->n,
                    g_steal_pointer (&text));
}

/**
 * ckpt_looking_for_dead:
 * @self: a search
 * @cancellable: (nullable): to stop it
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Looks for weights of which whole rows, or whole columns, are zero. Reads those once more that have zeros enough.
 *
 * Returns: %FALSE if it was cancelled
 */
gboolean
ckpt_looking_for_dead (CkptLooking *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < self->subjects->len; i++)
    {
      const CkptSubject *subject = self->subjects->pdata[i];
      gboolean can_have_rows, can_have_columns;
      CkptDeadSlices rows = { 0 }, columns = { 0 };

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!is_candidate (subject))
        continue;
      can_have_rows = can_have_dead (subject, 0);
      can_have_columns = can_have_dead (subject, 1);
      /* One that cannot be read any more is passed over; a cancelled one is seen above, or by the caller. */
      if ((!can_have_rows && !can_have_columns) ||
          !ckpt_dead_find (self->tree, subject->tensor, cancellable, &rows, &columns, NULL))
        continue;
      if (can_have_rows && rows.n > 0 && !is_padding (self, subject, &rows))
        add_dead (self, subject, &rows, 0);
      if (can_have_columns && columns.n > 0)
        add_dead (self, subject, &columns, 1);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

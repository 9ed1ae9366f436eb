/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-effect.h"

static void
change_clear (gpointer data)
{
  CkptChange *change = data;

  g_free (change->before);
  g_free (change->after);
}

/**
 * ckpt_effect_new:
 *
 * Returns: (transfer full): an effect of nothing so far
 */
CkptEffect *
ckpt_effect_new (void)
{
  CkptEffect *self = g_new0 (CkptEffect, 1);

  self->notes = g_ptr_array_new_with_free_func (g_free);
  self->changes = g_array_new (FALSE, FALSE, sizeof (CkptChange));
  g_array_set_clear_func (self->changes, change_clear);
  self->touched = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  return self;
}

/**
 * ckpt_effect_free:
 * @self: (nullable): an effect
 */
void
ckpt_effect_free (CkptEffect *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_ptr_array_unref (self->notes);
  g_array_unref (self->changes);
  g_array_unref (self->touched);
  g_clear_pointer (&self->before, ckpt_tree_unref);
  g_clear_pointer (&self->after, ckpt_tree_unref);
  g_free (self);
}

static guint64
sum_storages (CkptTree *tree)
{
  guint n = ckpt_tree_get_n_storages (tree);
  guint64 sum = 0;

  for (guint i = 0; i < n; i++)
    if (ckpt_tree_has_storage (tree, i))
      sum += ckpt_tree_get_storage (tree, i)->n_bytes_present;
  return sum;
}

/**
 * ckpt_effect_get_bytes:
 * @self: what ckpt_edit_apply() filled
 *
 * Works out by how much the storages that a saved file would hold grow. That takes a walk through both trees if nothing else has asked
 * for it, so it is not done for every edit.
 *
 * Returns: bytes; negative if there are fewer than before
 */
gint64
ckpt_effect_get_bytes (CkptEffect *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->before == NULL || self->after == NULL)
    return 0;
  return (gint64) (sum_storages (self->after) - sum_storages (self->before));
}

/**
 * ckpt_effect_set_title:
 * @self: an effect
 * @format: a translated format of printf(): "Move %u tensors to %s"
 * @...: its arguments; text of the file must be escaped
 */
void
ckpt_effect_set_title (CkptEffect *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_free (self->title);
  self->title = g_strdup_vprintf (format, args);
  va_end (args);
}

/**
 * ckpt_effect_note:
 * @self: an effect
 * @format: a translated format of printf(): a whole sentence
 * @...: its arguments; text of the file must be escaped
 */
void
ckpt_effect_note (CkptEffect *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->notes, g_strdup_vprintf (format, args));
  va_end (args);
}

/**
 * ckpt_effect_change:
 * @self: an effect
 * @before: what there was
 * @after: (nullable): what comes in its place
 *
 * Adds a line to the preview. Only the first %CKPT_EFFECT_MAX_LISTED are kept; the caller counts all in `n`.
 */
void
ckpt_effect_change (CkptEffect *self, const char *before, const char *after)
{
  CkptChange change;

  if (self->changes->len >= CKPT_EFFECT_MAX_LISTED)
    return;
  change.before = g_strdup (before);
  change.after = g_strdup (after);
  g_array_append_val (self->changes, change);
}

/**
 * ckpt_effect_touch:
 * @self: an effect
 * @node: a value of the new tree whose row is to be marked
 *
 * Only the first %CKPT_EFFECT_MAX_LISTED are kept.
 */
void
ckpt_effect_touch (CkptEffect *self, CkptNodeId node)
{
  if (self->touched->len < CKPT_EFFECT_MAX_LISTED)
    g_array_append_val (self->touched, node);
}

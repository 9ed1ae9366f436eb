/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-findings-private.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>

/* An attention mask that is added to the scores has -inf where nobody may look, and is sometimes called a bias. */
static gboolean
is_mask (const CkptSubject *subject)
{
  const CkptStats *stats = &subject->stats;

  if (stats->n_nan > 0 || stats->n_pos_inf > 0)
    return FALSE;
  return (subject->role.flags & CKPT_ROLE_MASK) != 0 ||
         ((subject->role.flags & CKPT_ROLE_BIAS) != 0 && stats->n_zero == stats->n_finite &&
          subject->tensor->n_dims >= 2);
}

static void
add_nan (CkptLooking *self, const CkptSubject *subject)
{
  guint64 n = subject->stats.n_nan;
  g_autofree char *count = ckpt_text_count (n);
  g_autofree char *all = ckpt_text_count (subject->stats.n);

  ckpt_looking_add (
      self, CKPT_FINDING_PROBLEM, "nan", subject, n,
      g_strdup_printf (ngettext ("%s of %s values is NaN.", "%s of %s values are NaN.", (gulong) n), count,
                       all));
}

static void
add_inf (CkptLooking *self, const CkptSubject *subject)
{
  guint64 n = subject->stats.n_pos_inf + subject->stats.n_neg_inf;
  g_autofree char *count = ckpt_text_count (n);
  g_autofree char *all = ckpt_text_count (subject->stats.n);

  ckpt_looking_add (
      self, CKPT_FINDING_PROBLEM, "inf", subject, n,
      g_strdup_printf (ngettext ("%s of %s values is infinite.", "%s of %s values are infinite.", (gulong) n),
                       count, all));
}

/**
 * ckpt_looking_for_nonfinite:
 * @self: a search
 *
 * Looks for NaN and infinities.
 */
void
ckpt_looking_for_nonfinite (CkptLooking *self)
{
  for (guint i = 0; i < self->subjects->len; i++)
    {
      const CkptSubject *subject = self->subjects->pdata[i];
      const CkptStats *stats = &subject->stats;

      if (stats->n_nan > 0)
        add_nan (self, subject);
      if (stats->n_pos_inf + stats->n_neg_inf > 0 && !is_mask (subject) &&
          (subject->role.flags & CKPT_ROLE_OBSERVER) == 0)
        add_inf (self, subject);
    }
}

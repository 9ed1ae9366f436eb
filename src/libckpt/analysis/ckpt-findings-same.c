/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-findings-private.h"

#include "model/ckpt-text.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Layers of one role that are all zero are an initialisation, not an accident, if there are so many. */
#define MIN_ZERO_SIBLINGS 3
/* Behind a gate that starts at zero, the first steps bring no gradient. */
#define MIN_STEPS 10

/* What is zero, or all the same, before it is trained, or never is. */
#define EXEMPT                                                                                     \
  (CKPT_ROLE_BIAS | CKPT_ROLE_BUFFER | CKPT_ROLE_MASK | CKPT_ROLE_OBSERVER | CKPT_ROLE_ZERO_INIT | \
   CKPT_ROLE_OPTIMIZER)

static gboolean
is_candidate (const CkptSubject *subject)
{
  return !subject->is_part && subject->stats.n >= 2 && (subject->role.flags & EXEMPT) == 0;
}

/* How many siblings have as many dimensions, itself included, and how many of them are zero. */
static guint
count_alike (const CkptSubject *subject, const GPtrArray *siblings, guint *n_zero)
{
  guint n = 0;

  *n_zero = 0;
  for (guint i = 0; i < siblings->len; i++)
    {
      const CkptSubject *sibling = siblings->pdata[i];

      if (sibling->tensor->n_dims != subject->tensor->n_dims)
        continue;
      n++;
      *n_zero += ckpt_subject_is_zero (sibling);
    }
  return n;
}

/* Whether no more than half of all layers are zero: the file is not one that somebody emptied. */
static gboolean
is_mostly_filled (const CkptLooking *self)
{
  guint n = 0, n_zero = 0;

  for (guint i = 0; i < self->subjects->len; i++)
    {
      const CkptSubject *subject = self->subjects->pdata[i];

      if (!is_candidate (subject) || !ckpt_subject_is_matrix (subject))
        continue;
      n++;
      n_zero += ckpt_subject_is_zero (subject);
    }
  return n_zero <= n - n_zero;
}

/* A layer that does nothing. One weight a channel may start at zero, as the last norm of a residual block does: then it is odd only
 * among others that are not. */
static gboolean
is_dead_layer (const CkptSubject *subject, const GPtrArray *siblings, gboolean is_filled)
{
  guint n_zero = 1, n = siblings != NULL ? count_alike (subject, siblings, &n_zero) : 1;

  if (!ckpt_subject_is_matrix (subject))
    return (subject->role.flags & CKPT_ROLE_WEIGHT) != 0 && n_zero < n - n_zero;
  return !(is_filled && n_zero == n && n >= MIN_ZERO_SIBLINGS);
}

static void
add_zero (CkptLooking *self, const CkptSubject *subject)
{
  g_autofree char *all = ckpt_text_count (subject->stats.n);

  ckpt_looking_add (self, CKPT_FINDING_NOTE, "all-zero", subject, subject->stats.n,
                    g_strdup_printf (_ ("All %s values are zero."), all));
}

/* How often the optimizer has updated the parameter that this is the state of; 0 if that is not said. */
static double
find_step (CkptLooking *self, const CkptSubject *subject)
{
  CkptNodeId node = ckpt_tree_get_key (self->tree, subject->parent, "step");
  const CkptTensor *tensor = node != CKPT_NO_NODE ? ckpt_tree_get_node_tensor (self->tree, node) : NULL;
  g_autoptr (CkptProfile) profile = tensor != NULL ? ckpt_survey_find (self->survey, tensor) : NULL;
  gint64 step;

  if (profile != NULL && profile->stats.n_finite > 0)
    return profile->stats.max;
  return node != CKPT_NO_NODE && ckpt_tree_get_int (self->tree, node, &step) ? (double) step : 0;
}

/* Mean squares of gradients that are all zero: there never was a gradient. */
static void
look_at_moment (CkptLooking *self, const CkptSubject *subject)
{
  g_autofree char *all = NULL;
  g_autofree char *steps = NULL;
  double step;

  if (!g_str_has_suffix (subject->role.name, "exp_avg_sq") || !ckpt_subject_is_zero (subject))
    return;
  step = find_step (self, subject);
  if (!(step >= MIN_STEPS && step < 1e18))
    return;
  all = ckpt_text_count (subject->stats.n);
  steps = ckpt_text_count ((guint64) step);
  ckpt_looking_add (self, CKPT_FINDING_NOTE, "all-zero", subject, subject->stats.n,
                    g_strdup_printf (_ ("All %s values are zero after %s steps: the parameter never got a "
                                        "gradient."),
                                     all, steps));
}

/* A norm of several dimensions has a bias of its own shape. */
static gboolean
is_norm (CkptLooking *self, const CkptSubject *subject)
{
  const CkptSubject *bias = ckpt_looking_find_bias (self, subject);
  const CkptTensor *tensor = subject->tensor;

  return (subject->role.flags & CKPT_ROLE_NORM) != 0 ||
         (bias != NULL && bias->tensor->n_dims == tensor->n_dims &&
          memcmp (bias->tensor->shape, tensor->shape, tensor->n_dims * sizeof *tensor->shape) == 0);
}

static void
look_at_constant (CkptLooking *self, const CkptSubject *subject)
{
  const CkptStats *stats = &subject->stats;
  char value[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *all = NULL;

  if (stats->n_finite != stats->n || stats->min != stats->max || stats->n_missing > 0 ||
      !ckpt_subject_is_matrix (subject) || (stats->min == 1 && is_norm (self, subject)))
    return;
  all = ckpt_text_count (stats->n);
  g_ascii_formatd (value, sizeof value, "%.6g", stats->min);
  ckpt_looking_add (self, CKPT_FINDING_NOTE, "constant", subject, stats->n,
                    g_strdup_printf (_ ("All %s values are %s."), all, value));
}

/**
 * ckpt_looking_for_same:
 * @self: a search
 *
 * Looks for tensors of which all values are zero, or another number.
 */
void
ckpt_looking_for_same (CkptLooking *self)
{
  g_autoptr (GHashTable) groups = ckpt_looking_list_siblings (self);
  gboolean is_filled = is_mostly_filled (self);

  for (guint i = 0; i < self->subjects->len; i++)
    {
      const CkptSubject *subject = self->subjects->pdata[i];
      const char *pattern = subject->role.pattern;
      const GPtrArray *siblings = pattern != NULL ? g_hash_table_lookup (groups, pattern) : NULL;

      if (!is_candidate (subject))
        look_at_moment (self, subject);
      else if (!ckpt_subject_is_zero (subject))
        look_at_constant (self, subject);
      else if (is_dead_layer (subject, siblings, is_filled))
        add_zero (self, subject);
    }
}

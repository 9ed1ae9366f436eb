/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-findings-private.h"

#include "model/ckpt-text.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* A layer is compared with no fewer than this, itself included. */
#define MIN_SIBLINGS 4
/* It is odd from so many robust standard deviations on, */
#define MIN_SCORE 6
/* if it is also so many times larger or smaller: layers that are alike to a hair differ by little. */
#define MIN_FACTOR 8
/* Makes the median of the deviations a standard deviation, for what is normally distributed. */
#define MAD_TO_STD 1.4826
/* The logarithms of alike layers differ by so much at least. */
#define MIN_STD 0.05

static gboolean
has_scale (const CkptSubject *subject)
{
  const CkptRoleFlags without = CKPT_ROLE_BUFFER | CKPT_ROLE_OPTIMIZER | CKPT_ROLE_BIAS | CKPT_ROLE_ZERO_INIT;

  return (subject->role.flags & CKPT_ROLE_WEIGHT) != 0 && (subject->role.flags & without) == 0 &&
         !subject->is_part && ckpt_subject_is_matrix (subject) && subject->stats.n_finite > 0 &&
         subject->stats.norm > 0;
}

static double
get_rms (const CkptSubject *subject)
{
  return subject->stats.norm / sqrt ((double) subject->stats.n_finite);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

static double
find_median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static gboolean
has_same_shape (const CkptSubject *one, const CkptSubject *other)
{
  const CkptTensor *a = one->tensor, *b = other->tensor;

  return a->n_dims == b->n_dims && memcmp (a->shape, b->shape, a->n_dims * sizeof *a->shape) == 0;
}

static void
add_odd (CkptLooking *self, const CkptSubject *subject, guint n_others, double ratio)
{
  g_autofree char *pattern = ckpt_text_escape (subject->role.pattern, strlen (subject->role.pattern), 0);
  char factor[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  g_ascii_formatd (factor, sizeof factor, "%.3g", ratio > 1 ? ratio : 1 / ratio);
  if (ratio > 1)
    text = g_strdup_printf (ngettext ("Its values are %s times as large as in %u other layer, %s.",
                                      "Its values are %s times as large as in %u other layers, %s.",
                                      n_others),
                            factor, n_others, pattern);
  else
    text = g_strdup_printf (ngettext ("Its values are %s times smaller than in %u other layer, %s.",
                                      "Its values are %s times smaller than in %u other layers, %s.",
                                      n_others),
                            factor, n_others, pattern);
  ckpt_looking_add (self, CKPT_FINDING_NOTE, "odd-scale", subject, 1, g_steal_pointer (&text));
}

/* All of one role and shape. */
static void
look_at_layers (CkptLooking *self, const GPtrArray *layers)
{
  g_autofree double *logs = g_new (double, layers->len);
  g_autofree double *deviations = g_new (double, layers->len);
  double median, spread;

  for (guint i = 0; i < layers->len; i++)
    deviations[i] = logs[i] = log (get_rms (layers->pdata[i]));
  median = find_median (deviations, layers->len);
  for (guint i = 0; i < layers->len; i++)
    deviations[i] = fabs (logs[i] - median);
  spread = MAX (find_median (deviations, layers->len) * MAD_TO_STD, MIN_STD);

  for (guint i = 0; i < layers->len; i++)
    if (fabs (logs[i] - median) >= MAX (MIN_SCORE * spread, log (MIN_FACTOR)))
      add_odd (self, layers->pdata[i], layers->len - 1, exp (logs[i] - median));
}

/* Takes from @layers those that have the shape of the first. */
static GPtrArray *
take_same_shape (GPtrArray *layers)
{
  GPtrArray *same = g_ptr_array_new ();
  guint n = 0;

  g_ptr_array_add (same, layers->pdata[0]);
  for (guint i = 1; i < layers->len; i++)
    if (has_same_shape (layers->pdata[0], layers->pdata[i]))
      g_ptr_array_add (same, layers->pdata[i]);
    else
      layers->pdata[n++] = layers->pdata[i];
  g_ptr_array_set_size (layers, n);
  return same;
}

static GPtrArray *
select_layers (const GPtrArray *siblings)
{
  GPtrArray *layers = g_ptr_array_new ();

  for (guint i = 0; i < siblings->len; i++)
    if (has_scale (siblings->pdata[i]))
      g_ptr_array_add (layers, siblings->pdata[i]);
  return layers;
}

/**
 * ckpt_looking_for_scale:
 * @self: a search
 *
 * Looks for layers of repeated blocks whose values are far larger or smaller than those of the same layer in the other blocks.
 */
void
ckpt_looking_for_scale (CkptLooking *self)
{
  g_autoptr (GHashTable) groups = ckpt_looking_list_siblings (self);
  GHashTableIter iter;
  gpointer siblings;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &siblings))
    {
      g_autoptr (GPtrArray) layers = select_layers (siblings);

      while (layers->len >= MIN_SIBLINGS)
        {
          g_autoptr (GPtrArray) same = take_same_shape (layers);

          if (same->len >= MIN_SIBLINGS)
            look_at_layers (self, same);
        }
    }
}

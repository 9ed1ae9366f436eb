/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "analysis/ckpt-findings-private.h"

#include <glib/gi18n-lib.h>

/* Less than this is not worth another type. */
#define MIN_VALUES 256

/* A float32 tensor of values that training or chance made. */
static gboolean
is_candidate (const CkptSubject *subject)
{
  const CkptRoleFlags without = CKPT_ROLE_BUFFER | CKPT_ROLE_MASK | CKPT_ROLE_OPTIMIZER;

  return subject->tensor->dtype == CKPT_DTYPE_FLOAT32 && !subject->is_part &&
         subject->stats.n >= MIN_VALUES && !subject->has_few_values && (subject->role.flags & without) == 0;
}

/* What is found of all tensors that fit a type is told once. */
typedef struct
{
  const CkptSubject *first;
  guint n;
} Fitting;

static void
count_fitting (Fitting *fitting, const CkptSubject *subject)
{
  if (fitting->n++ == 0)
    fitting->first = subject;
}

static void
add_fitting (CkptLooking *self, const Fitting *fitting, guint n_all, const char *kind, const char *type)
{
  if (fitting->n == 0)
    return;
  ckpt_looking_add (self, CKPT_FINDING_NOTE, kind, fitting->first, fitting->n,
                    g_strdup_printf (ngettext ("%u of %u float32 tensors holds only values that %s holds "
                                               "exactly, in half the bytes.",
                                               "%u of %u float32 tensors hold only values that %s holds "
                                               "exactly, in half the bytes.",
                                               fitting->n),
                                     fitting->n, n_all, type));
}

/**
 * ckpt_looking_for_types:
 * @self: a search
 *
 * Looks for float32 tensors that a type of half the size would hold as well. One finding tells of all of a type.
 */
void
ckpt_looking_for_types (CkptLooking *self)
{
  Fitting bfloat16 = { 0 }, float16 = { 0 };
  guint n_all = 0;

  for (guint i = 0; i < self->subjects->len; i++)
    {
      const CkptSubject *subject = self->subjects->pdata[i];

      if (!is_candidate (subject))
        continue;
      n_all++;
      if (subject->stats.fits_bfloat16)
        count_fitting (&bfloat16, subject);
      else if (subject->stats.fits_float16)
        count_fitting (&float16, subject);
    }
  add_fitting (self, &bfloat16, n_all, "fits-bfloat16", "bfloat16");
  add_fitting (self, &float16, n_all, "fits-float16", "float16");
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-cast-loss.h"

#include "model/ckpt-text.h"
#include "model/ckpt-values.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Elements that are read at a time. */
#define N_BLOCK ((guint64) 1 << 18)

/**
 * ckpt_cast_loss_add:
 * @counts: (inout): what is lost
 * @tree: a tree
 * @tensor: a tensor of it whose values can be read
 * @to: the type to convert to
 * @cancellable: (nullable): to stop it
 * @error: return location
 *
 * Returns: %FALSE with the errors of ckpt_tensor_read(), or %G_IO_ERROR_CANCELLED
 */
gboolean
ckpt_cast_loss_add (CkptConvertCounts *counts,
                    CkptTree *tree,
                    const CkptTensor *tensor,
                    CkptDtype to,
                    GCancellable *cancellable,
                    GError **error)
{
  gsize size = ckpt_dtype_get_info (tensor->dtype)->item_size;
  guint64 n_block = MIN (N_BLOCK, tensor->numel);
  g_autofree guint8 *items = g_malloc (n_block * size + 1);

  for (guint64 done = 0; done < tensor->numel; done += n_block)
    {
      gsize n = MIN (n_block, tensor->numel - done);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !ckpt_tensor_read (tree, tensor, done, n, items, error))
        return FALSE;
      ckpt_convert_count (tensor->dtype, items, n, to, counts);
    }
  return TRUE;
}

static gboolean
has_infinity (CkptDtype dtype)
{
  const float infinity = INFINITY;
  guint64 item = 0;
  double value;

  ckpt_convert (CKPT_DTYPE_FLOAT32, &infinity, 1, dtype, &item);
  ckpt_dtype_to_doubles (dtype, &item, 1, &value);
  return isinf (value);
}

static void
note_overflow (const CkptConvertCounts *counts, CkptDtype to, CkptEffect *effect)
{
  g_autofree char *n = ckpt_text_count (counts->n_overflowed);
  g_autofree char *all = ckpt_text_count (counts->n);

  if (has_infinity (to))
    ckpt_effect_note (effect, _ ("%s of %s values are too large for %s, and become infinite."), n, all,
                      ckpt_dtype_get_name (to));
  else
    ckpt_effect_note (effect, _ ("%s of %s values are too large for %s, and become NaN."), n, all,
                      ckpt_dtype_get_name (to));
}

/**
 * ckpt_cast_loss_note:
 * @counts: what is lost
 * @to: the type that values are converted to
 * @effect: where to say so
 */
void
ckpt_cast_loss_note (const CkptConvertCounts *counts, CkptDtype to, CkptEffect *effect)
{
  g_autofree char *n_small = ckpt_text_count (counts->n_underflowed);
  g_autofree char *n_rounded = ckpt_text_count (counts->n_rounded);
  g_autofree char *all = ckpt_text_count (counts->n);

  if (counts->n_overflowed > 0)
    note_overflow (counts, to, effect);
  if (counts->n_underflowed > 0)
    ckpt_effect_note (effect, _ ("%s of %s values are too small for %s, and become 0."), n_small, all,
                      ckpt_dtype_get_name (to));
  if (counts->n_rounded > 0)
    ckpt_effect_note (effect, _ ("%s of %s values are rounded."), n_rounded, all);
  if (counts->n > 0 && counts->n_overflowed + counts->n_underflowed + counts->n_rounded == 0)
    ckpt_effect_note (effect, _ ("No value changes."));
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-drop.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define COMPARE(a, b) \
  if ((a) != (b))     \
  return (a) < (b) ? -1 : 1

/* Of one parent the last child first, so that the numbers of the others stay. */
static int
compare_spots (gconstpointer a, gconstpointer b)
{
  const CkptSpot *one = a, *other = b;

  COMPARE (one->parent, other->parent);
  COMPARE (other->i, one->i);
  return 0;
}

static void
add_change (CkptEffect *effect, CkptTree *tree, const CkptSpot *spot)
{
  g_autofree char *label = ckpt_path_step_to_label (tree, &spot->child);

  ckpt_effect_change (effect, label, NULL);
}

/**
 * ckpt_drop_spots:
 * @draft: a draft
 * @spots: (element-type CkptSpot): places, which are sorted
 * @effect: gets title, count and changes
 * @error: return location
 *
 * What is tied to a value that goes stays as it is.
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT for what an object cannot be without, or with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_drop_spots (CkptDraft *draft, GArray *spots, CkptEffect *effect, GError **error)
{
  g_array_sort (spots, compare_spots);
  for (guint i = 0; i < spots->len; i++)
    {
      const CkptSpot *spot = &g_array_index (spots, CkptSpot, i);

      if (i > 0 && compare_spots (spot, spot - 1) == 0)
        continue;
      add_change (effect, ckpt_draft_get_tree (draft), spot);
      if (!ckpt_draft_remove_child (draft, spot->parent, spot->i, error))
        return FALSE;
      effect->n++;
    }
  ckpt_effect_set_title (effect, ngettext ("Remove %u value", "Remove %u values", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-drop.h"

#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A place among the raw values: two objects may hold one raw dict. */
typedef struct
{
  CkptNodeId container;
  guint32 position;
  guint32 stride;
  gboolean is_made_with; /* an object cannot be without it */
  const CkptSpot *spot;
} Place;

#define COMPARE(a, b) \
  if ((a) != (b))     \
  return (a) < (b) ? -1 : 1

/* Of one container the last child first, so that the numbers of the others stay. */
static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *one = a, *other = b;

  COMPARE (one->container, other->container);
  COMPARE (other->position, one->position);
  return 0;
}

static GArray *
sort_places (CkptDraft *draft, const GArray *spots)
{
  GArray *places = g_array_sized_new (FALSE, FALSE, sizeof (Place), spots->len);

  for (guint i = 0; i < spots->len; i++)
    {
      const CkptSpot *spot = &g_array_index (spots, CkptSpot, i);
      CkptChildPlace raw;
      Place place;

      ckpt_tree_find_child_place (ckpt_draft_get_tree (draft), spot->parent, spot->i, &raw);
      place = (Place) { ckpt_nodes_get_content (ckpt_draft_get_nodes (draft), raw.container), raw.position,
                        raw.stride, raw.kind == CKPT_STEP_STATE || raw.kind == CKPT_STEP_ARGUMENT, spot };
      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);
  return places;
}

/* By its raw place: the number among the children of a value changes with what went before, also from another of its raw containers. */
static gboolean
drop (CkptDraft *draft, const Place *place, GError **error)
{
  if (place->is_made_with)
    return ckpt_draft_remove_child (draft, place->spot->parent, place->spot->i, error);
  return ckpt_draft_splice (draft, place->container, place->position + 1 - place->stride, place->stride, NULL,
                            0, error);
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
 * @spots: (element-type CkptSpot): places, each of which may be there several times
 * @effect: gets title, count and changes
 * @error: return location
 *
 * What is tied to a value that goes stays as it is.
 *
 * Returns: %FALSE with %CKPT_ERROR_INVALID_EDIT for what an object cannot be without, or with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_drop_spots (CkptDraft *draft, const GArray *spots, CkptEffect *effect, GError **error)
{
  g_autoptr (GArray) places = sort_places (draft, spots);

  for (guint i = 0; i < places->len; i++)
    {
      const Place *place = &g_array_index (places, Place, i);
      const CkptSpot *spot = place->spot;

      if (i > 0 && compare_places (place, place - 1) == 0)
        continue;
      add_change (effect, ckpt_draft_get_tree (draft), spot);
      if (!drop (draft, place, error))
        return FALSE;
      effect->n++;
    }
  ckpt_effect_set_title (effect, ngettext ("Remove %u value", "Remove %u values", (guint) effect->n),
                         (guint) effect->n);
  return TRUE;
}

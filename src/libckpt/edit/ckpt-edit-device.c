/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-device-calls.h"
#include "edit/ckpt-device-map.h"
#include "edit/ckpt-spot.h"
#include "edit/ckpt-verbs.h"

#include "analysis/ckpt-stay.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Places of other views that a note names. */
#define MAX_NAMED 5

/**
 * Use:
 * @is_met: whether something under the chosen place has to do with it
 * @is_free: whether something needs it that PyTorch does not keep on the CPU
 * @is_payload: whether it is on the CPU for a tensor to be made from that has its device as an argument
 * @is_moved: whether it goes somewhere
 * @stay: why it is to be kept on the CPU, if it is
 *
 * A storage.
 */
typedef struct
{
  guint is_met : 1;
  guint is_free : 1;
  guint is_payload : 1;
  guint is_moved : 1;
  guint stay : 2;
} Use;

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  const CkptWords *words;
  CkptEffect *effect;
  CkptDeviceMap *map;

  const CkptPath *base; /* the chosen place that the walk is in */
  CkptNodeId from;
  CkptStayFinder *finder;

  Use *uses;
  guint n_uses;
  GHashTable *seen;  /* numbers of tensors under the chosen places, plus 1 */
  GHashTable *calls; /* those that are made with a device that goes somewhere */
  GArray *objects;   /* of CkptSpot: what names a device that goes somewhere */
  GHashTable *seen_objects;
  guint n_objects;

  guint outer_depth;
  CkptNodeId outer;
  gboolean is_outer_counted;
  guint n_along;
  GString *along;
} Move;

static gboolean
is_kept (Move *self, CkptStay stay)
{
  switch (stay)
    {
    case CKPT_STAY_RNG:
      return !ckpt_words_has_option (self->words, "include-rng");
    case CKPT_STAY_STEP:
      return !ckpt_words_has_option (self->words, "include-step");
    case CKPT_STAY_NONE:
    default:
      return FALSE;
    }
}

/* A tensor, and what it wraps. */
static void
note_calls (Move *self, const CkptTensor *tensor)
{
  for (;;)
    {
      if (ckpt_device_map_find (self->map, tensor->device) != NULL &&
          ckpt_device_is_call (self->tree, tensor))
        g_hash_table_add (self->calls, GUINT_TO_POINTER (tensor->index + 1));
      if (tensor->inner == CKPT_NO_TENSOR)
        return;
      tensor = ckpt_tree_get_tensor (self->tree, tensor->inner);
    }
}

static void
note_tensor (Move *self, const CkptPath *path, const CkptTensor *tensor)
{
  CkptStay stay = ckpt_stay_finder_find (self->finder, path, tensor);
  Use *use;

  g_hash_table_add (self->seen, GUINT_TO_POINTER (tensor->index + 1));
  note_calls (self, tensor);
  if (tensor->storage == CKPT_NO_STORAGE)
    return;
  use = &self->uses[tensor->storage];
  use->is_met = TRUE;
  if (is_kept (self, stay))
    use->stay = stay;
  else
    use->is_free = TRUE;
  if (strcmp (ckpt_tree_get_storage (self->tree, tensor->storage)->location, "cpu") == 0 &&
      strcmp (tensor->device, "cpu") != 0)
    use->is_payload = TRUE;
}

static gboolean
note_object (Move *self, const CkptPath *path, const CkptChild *child)
{
  g_autofree char *tag = ckpt_device_dup_value (self->tree, child->node);
  CkptSpot spot;

  if (tag == NULL)
    return FALSE;
  if (ckpt_device_map_find (self->map, tag) == NULL)
    return TRUE;
  if (ckpt_tree_get_kind (self->tree, child->node) == CKPT_KIND_OBJECT &&
      !g_hash_table_add (self->seen_objects, GUINT_TO_POINTER (child->node)))
    return TRUE;
  self->n_objects++;
  if (ckpt_path_get_length (path) > 0
          ? ckpt_spot_init (&spot, self->tree, self->from, path)
          : ckpt_spot_init (&spot, self->tree, ckpt_tree_get_root (self->tree), self->base))
    g_array_append_val (self->objects, spot);
  return TRUE;
}

static gboolean
on_chosen (CkptTree *tree,
           const CkptPath *path,
           guint depth,
           const CkptChild *child,
           gboolean is_repeat,
           gpointer user_data)
{
  Move *self = user_data;
  guint32 storage;

  if (is_repeat)
    return TRUE;
  switch ((int) ckpt_tree_get_kind (tree, child->node))
    {
    case CKPT_KIND_TENSOR:
      note_tensor (self, path, ckpt_tree_get_node_tensor (tree, child->node));
      return TRUE;
    case CKPT_KIND_STORAGE:
      storage = ckpt_tree_find_node_storage (tree, child->node);
      if (storage != CKPT_NO_STORAGE)
        self->uses[storage].is_met = self->uses[storage].is_free = TRUE;
      return TRUE;
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_STRING:
      return !note_object (self, path, child); /* a torch.device holds a text */
    default:
      return TRUE;
    }
}

static gboolean
choose (Move *self, GError **error)
{
  const char *under = ckpt_words_get_option (self->words, "under");
  g_autoptr (GPtrArray) paths = ckpt_tree_match (self->tree, under != NULL ? under : ".", error);

  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    {
      self->base = paths->pdata[i];
      self->from = ckpt_path_get_node (self->base, self->tree);
      self->finder = ckpt_stay_finder_new (self->tree, self->from);
      ckpt_tree_walk (self->tree, self->from, on_chosen, self);
      g_clear_pointer (&self->finder, ckpt_stay_finder_free);
    }
  return TRUE;
}

/* Which storages go, and which are kept on the CPU. */
static void
decide (Move *self)
{
  guint n_kept[3] = { 0 };

  for (guint i = 0; i < self->n_uses; i++)
    {
      const CkptStorage *storage = ckpt_tree_get_storage (self->tree, i);
      Use *use = &self->uses[i];

      if (!use->is_met || use->is_payload || ckpt_device_map_find (self->map, storage->location) == NULL)
        continue;
      use->is_moved = use->is_free || strcmp (storage->location, "cpu") != 0;
      if (!use->is_moved)
        n_kept[use->stay]++;
    }
  if (n_kept[CKPT_STAY_RNG] > 0)
    ckpt_effect_note (
        self->effect,
        ngettext ("The state of %u random number generator stays on the CPU, where PyTorch wants it.",
                  "The states of %u random number generators stay on the CPU, where PyTorch wants them.",
                  n_kept[CKPT_STAY_RNG]),
        n_kept[CKPT_STAY_RNG]);
  if (n_kept[CKPT_STAY_STEP] > 0)
    ckpt_effect_note (self->effect,
                      ngettext ("%u counter of steps stays on the CPU, where its optimizer keeps it.",
                                "%u counters of steps stay on the CPU, where their optimizer keeps them.",
                                n_kept[CKPT_STAY_STEP]),
                      n_kept[CKPT_STAY_STEP]);
}

static gboolean
is_moved (Move *self, const CkptTensor *tensor)
{
  if (tensor->storage != CKPT_NO_STORAGE && self->uses[tensor->storage].is_moved)
    return TRUE;
  for (;; tensor = ckpt_tree_get_tensor (self->tree, tensor->inner))
    {
      if (g_hash_table_contains (self->calls, GUINT_TO_POINTER (tensor->index + 1)))
        return TRUE;
      if (tensor->inner == CKPT_NO_TENSOR)
        return FALSE;
    }
}

static void
name_along (Move *self, const CkptPath *path)
{
  g_autofree char *text = NULL;

  if (self->n_along++ >= MAX_NAMED)
    return;
  text = ckpt_path_to_string (path, self->tree);
  g_string_append_printf (self->along, "%s%s", self->along->len > 0 ? ", " : "", text);
}

/* Counts what moves, each tensor once; what one is made of is no tensor of its own. */
static gboolean
on_any (CkptTree *tree,
        const CkptPath *path,
        guint depth,
        const CkptChild *child,
        gboolean is_repeat,
        gpointer user_data)
{
  Move *self = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);
  guint32 storage = tensor == NULL ? ckpt_tree_find_node_storage (tree, child->node) : CKPT_NO_STORAGE;

  if (depth <= self->outer_depth)
    self->outer = CKPT_NO_NODE;
  if (is_repeat)
    return TRUE;
  if (storage != CKPT_NO_STORAGE && self->uses[storage].is_moved)
    {
      self->effect->n++;
      ckpt_effect_touch (self->effect, child->node);
    }
  if (tensor == NULL)
    return TRUE;
  if (self->outer == CKPT_NO_NODE)
    {
      self->outer = child->node;
      self->outer_depth = depth;
      self->is_outer_counted = FALSE;
    }
  if (self->is_outer_counted || !is_moved (self, tensor))
    return TRUE;
  self->is_outer_counted = TRUE;
  self->effect->n++;
  ckpt_effect_touch (self->effect, self->outer);
  if (!g_hash_table_contains (self->seen, GUINT_TO_POINTER (tensor->index + 1)))
    name_along (self, path);
  return TRUE;
}

static void
count (Move *self)
{
  self->outer = CKPT_NO_NODE;
  ckpt_tree_walk (self->tree, ckpt_tree_get_root (self->tree), on_any, self);
  if (self->n_along > MAX_NAMED)
    g_string_append (self->along, ", …");
  if (self->n_along > 0)
    ckpt_effect_note (self->effect,
                      ngettext ("%u tensor elsewhere shows the same values, and moves along: %s",
                                "%u tensors elsewhere show the same values, and move along: %s",
                                self->n_along),
                      self->n_along, self->along->str);
}

static void
add_change (Move *self, GHashTable *listed, const char *from, const char *to)
{
  if (g_hash_table_add (listed, (gpointer) from))
    ckpt_effect_change (self->effect, from, to);
}

static gboolean
move_storages (Move *self, GError **error)
{
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->n_uses; i++)
    {
      const char *from = ckpt_tree_get_storage (self->tree, i)->location;
      const char *to = ckpt_device_map_find (self->map, from);

      if (!self->uses[i].is_moved)
        continue;
      add_change (self, listed, from, to);
      if (!ckpt_draft_set_location (self->draft, i, to, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
move_calls (Move *self, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint tensor = GPOINTER_TO_UINT (key) - 1;
      const char *to = ckpt_device_map_find (self->map, ckpt_tree_get_tensor (self->tree, tensor)->device);

      if (!ckpt_device_move_call (self->draft, tensor, to, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
move_object (Move *self, const CkptSpot *spot, GError **error)
{
  CkptNodeId node = spot->child.node;
  g_autofree char *tag = ckpt_device_dup_value (self->tree, node);
  const char *to = ckpt_device_map_find (self->map, tag);
  CkptNodeId with;

  ckpt_effect_touch (self->effect, node);
  self->effect->n++;
  if (ckpt_tree_get_kind (self->tree, node) == CKPT_KIND_STRING)
    {
      with = ckpt_draft_add_string (self->draft, to, -1, error);
      return with != CKPT_NO_NODE && ckpt_draft_put_child (self->draft, spot->parent, spot->i, with, error);
    }
  with = ckpt_device_add_object (self->draft, to, error);
  if (with == CKPT_NO_NODE)
    return FALSE;
  ckpt_draft_replace (self->draft, node, with);
  return TRUE;
}

static gboolean
move_objects (Move *self, GError **error)
{
  if (!ckpt_words_has_option (self->words, "objects"))
    {
      if (self->n_objects > 0)
        ckpt_effect_note (
            self->effect,
            ngettext (
                "%u torch.device or text that names such a device stays as it is, as with map_location.",
                "%u torch.devices and texts that name such devices stay as they are, as with map_location.",
                self->n_objects),
            self->n_objects);
      return TRUE;
    }
  for (guint i = 0; i < self->objects->len; i++)
    if (!move_object (self, &g_array_index (self->objects, CkptSpot, i), error))
      return FALSE;
  return TRUE;
}

static void
set_title (Move *self)
{
  const char *only = ckpt_device_map_get_only (self->map);

  if (only != NULL)
    ckpt_effect_set_title (
        self->effect, ngettext ("Move %u tensor to %s", "Move %u tensors to %s", (guint) self->effect->n),
        (guint) self->effect->n, only);
  else
    ckpt_effect_set_title (self->effect,
                           ngettext ("Move %u tensor to another device", "Move %u tensors to other devices",
                                     (guint) self->effect->n),
                           (guint) self->effect->n);
}

static gboolean
move (Move *self, GError **error)
{
  if (!choose (self, error))
    return FALSE;
  decide (self);
  count (self);
  set_title (self);
  return move_calls (self, error) && move_storages (self, error) && move_objects (self, error);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  Move self = { .draft = draft, .tree = ckpt_draft_get_tree (draft), .words = words, .effect = effect };
  gboolean is_done = FALSE;

  self.map = ckpt_device_map_new (words, error);
  if (self.map == NULL)
    return FALSE;
  self.n_uses = ckpt_tree_get_n_storages (self.tree);
  self.uses = g_new0 (Use, self.n_uses);
  self.seen = g_hash_table_new (NULL, NULL);
  self.calls = g_hash_table_new (NULL, NULL);
  self.seen_objects = g_hash_table_new (NULL, NULL);
  self.objects = g_array_new (FALSE, FALSE, sizeof (CkptSpot));
  self.along = g_string_new (NULL);
  is_done = move (&self, error);
  g_string_free (self.along, TRUE);
  g_array_unref (self.objects);
  g_hash_table_unref (self.seen_objects);
  g_hash_table_unref (self.calls);
  g_hash_table_unref (self.seen);
  g_free (self.uses);
  ckpt_device_map_free (self.map);
  return is_done;
}

const CkptVerb ckpt_verb_device = {
  .name = "device",
  .usage = "FROM=TO... [--under=PATH] [--objects] [--include-rng] [--include-step]",
  .summary = N_ ("Move values to another device, as map_location does; * is any device"),
  .options = "under= objects include-rng include-step",
  .min_words = 1,
  .max_words = G_MAXUINT,
  .apply = apply,
};

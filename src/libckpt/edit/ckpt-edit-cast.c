/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "edit/ckpt-cast-loss.h"
#include "edit/ckpt-cut.h"
#include "edit/ckpt-retarget.h"
#include "edit/ckpt-verbs.h"
#include "edit/ckpt-views.h"

#include "analysis/ckpt-role.h"
#include "analysis/ckpt-stay.h"
#include "model/ckpt-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * Use:
 * @is_chosen: whether a tensor of it is to be converted
 * @is_kept: whether one is to stay as it is
 */
typedef struct
{
  guint is_chosen : 1;
  guint is_kept : 1;
  guint is_cast : 1;
} Use;

/* Tensors that are left as they are, by reason. */
typedef enum
{
  LEFT_KEPT,  /* share their storage with one that is kept */
  LEFT_TYPES, /* their storage is viewed as two types */
  LEFT_FORM,  /* something else refers to the storage, or part of it is missing */
  LEFT_MADE,  /* parts of a sparse or quantized tensor */
  N_LEFT,
} Left;

typedef struct
{
  CkptDraft *draft;
  CkptTree *tree;
  const CkptWords *words;
  CkptEffect *effect;
  GCancellable *cancellable;
  CkptDtype dtype;

  CkptViews *views;
  CkptStayFinder *finder;
  const CkptPath *base;
  Use *uses;
  guint n_uses;
  GArray *chosen; /* of guint32: numbers of tensors */
  guint outer_depth;
  const CkptTensor *outer;
  guint n_left[N_LEFT];
  guint n_kept;
} Cast;

static gboolean
is_made (const CkptTensor *tensor)
{
  return tensor->layout != CKPT_LAYOUT_STRIDED || tensor->quantizer != NULL;
}

/* The way from the root of the tree to a tensor. */
static CkptPath *
join_paths (const CkptPath *base, const CkptPath *path)
{
  CkptPath *whole = ckpt_path_copy (base);

  for (guint i = 0; i < ckpt_path_get_length (path); i++)
    ckpt_path_push (whole, ckpt_path_get_step (path, i));
  return whole;
}

/* Counters of steps stay: a float16 cannot count beyond 2,048, and Optimizer.load_state_dict() never converts them. */
static gboolean
is_kept (Cast *self, const CkptPath *path, const CkptTensor *tensor)
{
  g_autoptr (CkptPath) whole = join_paths (self->base, path);
  CkptRole role;
  gboolean is_to_stay;

  if (ckpt_stay_finder_find (self->finder, whole, tensor) == CKPT_STAY_STEP)
    return TRUE;
  ckpt_role_init (&role, self->tree, whole);
  is_to_stay = (ckpt_words_has_option (self->words, "keep-norm") && (role.flags & CKPT_ROLE_NORM)) ||
               (ckpt_words_has_option (self->words, "keep-optimizer") && (role.flags & CKPT_ROLE_OPTIMIZER));
  ckpt_role_clear (&role);
  return is_to_stay;
}

static void
choose_tensor (Cast *self, const CkptPath *path, const CkptTensor *tensor)
{
  if (tensor->storage == CKPT_NO_STORAGE ||
      ckpt_dtype_get_info (tensor->dtype)->dtype_class != CKPT_CLASS_FLOAT || tensor->dtype == self->dtype)
    return;
  if (is_made (self->outer))
    {
      self->n_left[LEFT_MADE]++;
      self->uses[tensor->storage].is_kept = TRUE;
    }
  else if (is_kept (self, path, tensor))
    {
      self->n_kept++;
      self->uses[tensor->storage].is_kept = TRUE;
    }
  else
    {
      self->uses[tensor->storage].is_chosen = TRUE;
      g_array_append_val (self->chosen, tensor->index);
    }
}

static gboolean
on_value (CkptTree *tree,
          const CkptPath *path,
          guint depth,
          const CkptChild *child,
          gboolean is_repeat,
          gpointer user_data)
{
  Cast *self = user_data;
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, child->node);

  if (self->outer != NULL && depth <= self->outer_depth)
    self->outer = NULL;
  if (tensor == NULL || is_repeat)
    return TRUE;
  if (self->outer == NULL)
    {
      self->outer = tensor;
      self->outer_depth = depth;
    }
  choose_tensor (self, path, tensor);
  return TRUE;
}

static gboolean
choose (Cast *self, GError **error)
{
  g_autoptr (GPtrArray) paths = ckpt_words_get_n (self->words) > 1
                                    ? ckpt_words_match_all (self->words, 1, self->tree, error)
                                    : ckpt_tree_match (self->tree, ".", error);

  if (paths == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    {
      self->base = paths->pdata[i];
      self->outer = NULL;
      ckpt_tree_walk (self->tree, ckpt_path_get_node (self->base, self->tree), on_value, self);
    }
  return TRUE;
}

/* The one type that a storage is viewed as, if it can be converted. */
static gboolean
get_type (Cast *self, guint storage, CkptDtype *dtype)
{
  guint n;
  const guint32 *tensors = ckpt_views_get (self->views, storage, &n);

  *dtype = n > 0 ? ckpt_tree_get_tensor (self->tree, tensors[0])->dtype : CKPT_DTYPE_UNKNOWN;
  for (guint i = 1; i < n; i++)
    if (ckpt_tree_get_tensor (self->tree, tensors[i])->dtype != *dtype)
      return FALSE;
  return ckpt_convert_is_possible (*dtype, self->dtype);
}

static guint
add_storage (Cast *self, guint storage, CkptDtype from, GError **error)
{
  const CkptStorage *origin = ckpt_tree_get_storage (self->tree, storage);
  g_autofree char *storage_class = ckpt_dtype_dup_storage_class (self->dtype);
  guint64 n = origin->n_bytes / ckpt_dtype_get_info (from)->item_size;
  CkptStorage cast = {
    .location = origin->location,
    .dtype = storage_class != NULL ? self->dtype : CKPT_DTYPE_UINT8,
    .is_untyped = storage_class == NULL,
    .n_bytes = n * ckpt_dtype_get_info (self->dtype)->item_size,
    .is_big_endian = origin->is_big_endian,
    .bytes = CKPT_BYTES_CAST,
    .origin = storage,
    .from_dtype = from,
    .to_dtype = self->dtype,
  };

  cast.numel = storage_class != NULL ? n : cast.n_bytes;
  return ckpt_draft_add_storage (self->draft, &cast, error);
}

static gboolean
cast_storage (Cast *self, guint storage, CkptDtype from, CkptConvertCounts *counts, GError **error)
{
  guint n;
  const guint32 *tensors = ckpt_views_get (self->views, storage, &n);
  CkptRetarget to = { .dtype = self->dtype };

  for (guint i = 0; i < n; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (self->tree, tensors[i]);

      if (ckpt_tree_get_tied_to (self->tree, tensor) == CKPT_NO_TENSOR &&
          !ckpt_cast_loss_add (counts, self->tree, tensor, self->dtype, self->cancellable, error))
        return FALSE;
    }
  to.storage = ckpt_cut_check_depth (self->tree, storage, error) ? add_storage (self, storage, from, error)
                                                                 : CKPT_NO_STORAGE;
  if (to.storage == CKPT_NO_STORAGE)
    return FALSE;
  self->uses[storage].is_cast = TRUE;
  for (guint i = 0; i < n; i++)
    {
      to.offset = ckpt_tree_get_tensor (self->tree, tensors[i])->offset;
      if (!ckpt_retarget_tensor (self->draft, tensors[i], &to, error))
        return FALSE;
    }
  return TRUE;
}

/* Why a storage is left as it is, or %N_LEFT. */
static Left
find_reason (Cast *self, guint storage, CkptDtype *from)
{
  if (self->uses[storage].is_kept)
    return LEFT_KEPT;
  if (!ckpt_views_are_free (self->views, storage))
    return LEFT_FORM;
  return get_type (self, storage, from) ? N_LEFT : LEFT_TYPES;
}

static void
count_tensors (Cast *self, const Left *reasons)
{
  for (guint i = 0; i < self->chosen->len; i++)
    {
      const CkptTensor *tensor = ckpt_tree_get_tensor (self->tree, g_array_index (self->chosen, guint32, i));

      if (self->uses[tensor->storage].is_cast)
        {
          self->effect->n++;
          ckpt_effect_touch (self->effect, tensor->node);
        }
      else
        self->n_left[reasons[tensor->storage]]++;
    }
}

static gboolean
cast_all (Cast *self, GError **error)
{
  g_autofree Left *reasons = g_new0 (Left, self->n_uses);
  CkptConvertCounts counts = { 0 };
  g_autoptr (GArray) from = g_array_new (FALSE, TRUE, sizeof (CkptDtype));

  g_array_set_size (from, self->n_uses);
  for (guint i = 0; i < self->n_uses; i++)
    if (self->uses[i].is_chosen)
      reasons[i] = find_reason (self, i, &g_array_index (from, CkptDtype, i));
  for (guint i = 0; i < self->n_uses; i++)
    if (self->uses[i].is_chosen && reasons[i] == N_LEFT &&
        !cast_storage (self, i, g_array_index (from, CkptDtype, i), &counts, error))
      return FALSE;
  count_tensors (self, reasons);
  ckpt_cast_loss_note (&counts, self->dtype, self->effect);
  return TRUE;
}

static void
add_notes (Cast *self)
{
  guint n = self->n_left[LEFT_KEPT];

  if (n > 0)
    ckpt_effect_note (
        self->effect,
        ngettext ("%u tensor stays as it is, since it shares its values with one that is kept.",
                  "%u tensors stay as they are, since they share their values with some that are kept.", n),
        n);
  n = self->n_left[LEFT_TYPES];
  if (n > 0)
    ckpt_effect_note (
        self->effect,
        ngettext ("%u tensor stays as it is, since its storage is viewed as several types.",
                  "%u tensors stay as they are, since their storages are viewed as several types.", n),
        n);
  n = self->n_left[LEFT_FORM];
  if (n > 0)
    ckpt_effect_note (
        self->effect,
        ngettext (
            "%u tensor stays as it is, since something else refers to its storage, or bytes of it are missing.",
            "%u tensors stay as they are, since something else refers to their storages, or bytes of them are missing.",
            n),
        n);
  n = self->n_left[LEFT_MADE];
  if (n > 0)
    ckpt_effect_note (
        self->effect,
        ngettext ("%u tensor stays as it is, since a sparse or quantized one is made of it.",
                  "%u tensors stay as they are, since sparse or quantized ones are made of them.", n),
        n);
  if (self->n_kept > 0)
    ckpt_effect_note (self->effect, ngettext ("%u tensor is kept.", "%u tensors are kept.", self->n_kept),
                      self->n_kept);
}

static gboolean
parse_type (const char *word, CkptDtype *dtype, GError **error)
{
  g_autofree char *shown = ckpt_text_escape (word, strlen (word), 40);

  *dtype = ckpt_dtype_from_name (g_str_has_prefix (word, "torch.") ? word + strlen ("torch.") : word);
  if (ckpt_convert_is_possible (CKPT_DTYPE_FLOAT32, *dtype))
    return TRUE;
  return ckpt_error_set (
      error, CKPT_ERROR_INVALID_EDIT, "cast-type",
      _ ("Values can be converted to float64, float32, float16, bfloat16 and the float8 types, but not to “%s”."),
      shown);
}

static gboolean
apply (CkptDraft *draft,
       const CkptWords *words,
       CkptEffect *effect,
       GCancellable *cancellable,
       GError **error)
{
  Cast self = { .draft = draft,
                .tree = ckpt_draft_get_tree (draft),
                .words = words,
                .effect = effect,
                .cancellable = cancellable };
  gboolean is_done;

  if (!parse_type (ckpt_words_get (words, 0), &self.dtype, error))
    return FALSE;
  self.views = ckpt_views_new (self.tree);
  self.finder = ckpt_stay_finder_new (self.tree, ckpt_tree_get_root (self.tree));
  self.n_uses = ckpt_tree_get_n_storages (self.tree);
  self.uses = g_new0 (Use, self.n_uses);
  self.chosen = g_array_new (FALSE, FALSE, sizeof (guint32));
  is_done = choose (&self, error) && cast_all (&self, error);
  if (is_done)
    {
      add_notes (&self);
      ckpt_effect_set_title (
          effect, ngettext ("Convert %u tensor to %s", "Convert %u tensors to %s", (guint) effect->n),
          (guint) effect->n, ckpt_dtype_get_name (self.dtype));
    }
  g_array_unref (self.chosen);
  g_free (self.uses);
  ckpt_stay_finder_free (self.finder);
  ckpt_views_free (self.views);
  return is_done;
}

const CkptVerb ckpt_verb_cast = {
  .name = "cast",
  .usage = "DTYPE [PATH...] [--keep-norm] [--keep-optimizer]",
  .summary = N_ ("Convert floating-point values to another type"),
  .options = "keep-norm keep-optimizer",
  .min_words = 1,
  .max_words = G_MAXUINT,
  .apply = apply,
};

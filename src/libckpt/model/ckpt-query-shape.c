/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-query-shape.h"

#include <string.h>

#include "model/ckpt-amount.h"

#define NO_REST G_MAXUINT

struct _CkptQueryShape
{
  GArray *dims; /* CkptAmount */
  guint rest;   /* place in dims where any number of other dimensions may stand, or NO_REST */
};

/* Takes what torch.Size prints around a shape off it. FALSE if a bracket has no end. */
static gboolean
take_brackets (GString *text, gboolean *has_brackets)
{
  *has_brackets = FALSE;
  if (g_str_has_prefix (text->str, "torch.size"))
    g_string_erase (text, 0, (gssize) strlen ("torch.size"));
  while (text->len > 0 && (text->str[0] == '(' || text->str[0] == '['))
    {
      char end = text->str[0] == '(' ? ')' : ']';

      if (text->str[text->len - 1] != end)
        return FALSE;
      g_string_truncate (text, text->len - 1);
      g_string_erase (text, 0, 1);
      *has_brackets = TRUE;
    }
  return TRUE;
}

/* Small letters, no blanks, and x between dimensions. */
static GString *
simplify (const char *text)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);
  GString *simple = g_string_new (lower);

  g_string_replace (simple, " ", "", 0);
  g_string_replace (simple, "×", "x", 0);
  g_string_replace (simple, ",", "x", 0);
  g_string_replace (simple, "…", "...", 0);
  return simple;
}

static gboolean
add_dim (CkptQueryShape *self, const char *part)
{
  CkptAmount dim = { 0, G_MAXUINT64 };

  if (g_str_equal (part, "...") || g_str_equal (part, "**"))
    {
      if (self->rest != NO_REST)
        return FALSE;
      self->rest = self->dims->len;
      return TRUE;
    }
  if (!g_str_equal (part, "*") && !g_str_equal (part, "?") &&
      !ckpt_amount_parse (&dim, part, CKPT_AMOUNT_COUNT))
    return FALSE;
  g_array_append_val (self->dims, dim);
  return TRUE;
}

static gboolean
add_dims (CkptQueryShape *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (!add_dim (self, parts[i]))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_query_shape_new:
 * @text: dimensions with x, × or a comma between them, perhaps in brackets: each a number, a comparison, or * for any; `...` for any number of
 *   dimensions, as has a separator at the end: `768x`. `()` is the shape of a single value.
 *
 * Returns: (transfer full) (nullable): what is asked, or %NULL if that is no shape
 */
CkptQueryShape *
ckpt_query_shape_new (const char *text)
{
  g_autoptr (CkptQueryShape) self = g_new0 (CkptQueryShape, 1);
  GString *simple = simplify (text);
  g_autofree char *dims = NULL;
  gboolean has_brackets;
  gboolean is_good = take_brackets (simple, &has_brackets);

  /* (768,) is what Python prints; 768x is what is typed on the way to 768x768. */
  if (g_str_has_suffix (simple->str, "x"))
    {
      if (has_brackets)
        g_string_truncate (simple, simple->len - 1);
      else
        g_string_append (simple, "...");
    }
  dims = g_string_free_and_steal (simple);
  self->dims = g_array_new (FALSE, FALSE, sizeof (CkptAmount));
  self->rest = NO_REST;
  if (!is_good || (dims[0] == '\0' ? !has_brackets : !add_dims (self, dims)))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ckpt_query_shape_free:
 */
void
ckpt_query_shape_free (CkptQueryShape *self)
{
  g_array_unref (self->dims);
  g_free (self);
}

static gboolean
matches_dims (const CkptQueryShape *self, guint first, guint n, const gint64 *shape)
{
  for (guint i = 0; i < n; i++)
    {
      const CkptAmount *dim = &g_array_index (self->dims, CkptAmount, first + i);

      if (shape[i] < 0 || !ckpt_amount_contains (dim, (guint64) shape[i]))
        return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_query_shape_matches:
 *
 * Returns: whether the tensor has such a shape
 */
gboolean
ckpt_query_shape_matches (const CkptQueryShape *self, const CkptTensor *tensor)
{
  guint n = self->dims->len;
  guint n_after;

  if (tensor->shape == NULL && tensor->n_dims > 0)
    return FALSE;
  if (self->rest == NO_REST)
    return tensor->n_dims == n && matches_dims (self, 0, n, tensor->shape);
  n_after = n - self->rest;
  return tensor->n_dims >= n && matches_dims (self, 0, self->rest, tensor->shape) &&
         matches_dims (self, self->rest, n_after, tensor->shape + (tensor->n_dims - n_after));
}

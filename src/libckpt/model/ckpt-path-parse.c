/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-path-private.h"

#include "model/ckpt-literal.h"
#include "model/ckpt-repr.h"
#include "model/ckpt-tree-data.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * ckpt_selector_clear:
 * @self: a selector
 *
 * Frees what is in it.
 */
void
ckpt_selector_clear (CkptSelector *self)
{
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self->literal);
  *self = (CkptSelector) { 0 };
}

static gboolean
fail (const char *at, GError **error)
{
  if (*at == '\0')
    return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "path-syntax",
                           _ ("The path ends too early: a key is written as [\"key\"] or [0]."));

  return ckpt_error_set (error, CKPT_ERROR_NO_SUCH_PATH, "path-syntax",
                         _ ("The path cannot be read from “%s” on: a key is written as [\"key\"] or [0]."),
                         at);
}

/* [#3] */
static gboolean
parse_number (CkptSelector *self, const char **at)
{
  guint64 number;
  char *end;

  if (!g_ascii_isdigit ((*at)[1]))
    return FALSE;

  number = g_ascii_strtoull (*at + 1, &end, 10);
  self->kind = CKPT_SELECT_NUMBER;
  self->number = MIN (number, G_MAXUINT32);
  *at = end;
  return TRUE;
}

static gboolean
parse_subscript (CkptSelector *self, const char **at, GError **error)
{
  const char *start = *at;

  if (**at != '[')
    return fail (start, error);

  (*at)++;
  if (**at == '#' ? !parse_number (self, at) : !ckpt_literal_parse (at, &self->text, &self->literal))
    return fail (start, error);

  if (**at != ']')
    return fail (start, error);
  (*at)++;
  return TRUE;
}

static gboolean
parse_name (CkptSelector *self, const char **at, GError **error)
{
  const char *start = *at;

  while (g_ascii_isalnum (**at) || **at == '_')
    (*at)++;
  if (*at == start)
    return fail (start, error);

  self->kind = CKPT_SELECT_NAME;
  self->step = CKPT_STEP_ATTRIBUTE;
  self->text = g_string_new_len (start, *at - start);
  return TRUE;
}

/* .name, .state, .args[0], .kwargs["name"], .items[0] */
static gboolean
parse_dotted (CkptSelector *self, const char **at, GError **error)
{
  static const struct
  {
    const char *name;
    CkptStepKind step;
  } parts[] = {
    { "args", CKPT_STEP_ARGUMENT },
    { "kwargs", CKPT_STEP_KEYWORD },
    { "items", CKPT_STEP_ITEM },
  };

  (*at)++;
  if (!parse_name (self, at, error))
    return FALSE;

  if (strcmp (self->text->str, "state") == 0)
    {
      ckpt_selector_clear (self);
      self->kind = CKPT_SELECT_STATE;
      self->step = CKPT_STEP_STATE;
      return TRUE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strcmp (self->text->str, parts[i].name) == 0)
      {
        ckpt_selector_clear (self);
        self->step = parts[i].step;
        return parse_subscript (self, at, error);
      }
  return TRUE;
}

/**
 * ckpt_selector_parse:
 * @self: (out): the selector
 * @at: (inout): where it begins; then what follows it
 * @error: return location
 *
 * Reads one step of a path in the long form. A `.state` that is followed by a subscript is a step of its own here: whether it is one is
 * known only from the value.
 *
 * Returns: %FALSE with %CKPT_ERROR_NO_SUCH_PATH
 */
gboolean
ckpt_selector_parse (CkptSelector *self, const char **at, GError **error)
{
  gboolean is_good;

  *self = (CkptSelector) { .kind = CKPT_SELECT_SUBSCRIPT, .step = CKPT_STEP_KEY };
  is_good = **at == '.' ? parse_dotted (self, at, error) : parse_subscript (self, at, error);
  if (!is_good)
    ckpt_selector_clear (self);
  return is_good;
}

/* Whether a key or name is what the selector says. */
static gboolean
is_key (CkptSelector *self, CkptTree *tree, CkptNodeId key)
{
  g_autoptr (GString) literal = NULL;
  const char *text;
  gsize length;

  if (self->text != NULL)
    {
      text = ckpt_tree_peek_whole_text (tree, key, &length);
      return text != NULL && length == self->text->len && memcmp (text, self->text->str, length) == 0 &&
             ckpt_tree_get_kind (tree, key) == CKPT_KIND_STRING;
    }

  literal = g_string_new (NULL);
  return ckpt_repr_append (tree, literal, key, '"') && strcmp (literal->str, self->literal) == 0;
}

static gboolean
is_index (CkptSelector *self, guint32 index)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", index);
  return self->literal != NULL && strcmp (self->literal, text) == 0;
}

static gboolean
selects (CkptSelector *self, CkptTree *tree, const CkptChild *child)
{
  gboolean is_wanted = child->kind == self->step ||
                       (self->step == CKPT_STEP_KEY && child->kind == CKPT_STEP_INDEX);

  if (!is_wanted)
    return FALSE;

  if (self->kind == CKPT_SELECT_STATE)
    return TRUE;

  if (child->key == CKPT_NO_NODE)
    return is_index (self, child->index);

  return self->kind == CKPT_SELECT_NUMBER ? child->index == self->number : is_key (self, tree, child->key);
}

/**
 * ckpt_selector_find:
 * @self: a selector
 * @tree: a tree
 * @node: a value of it
 * @child: (out): the child that is selected
 *
 * Returns: whether there is one
 */
gboolean
ckpt_selector_find (CkptSelector *self, CkptTree *tree, CkptNodeId node, CkptChild *child)
{
  guint32 n = ckpt_tree_get_n_children (tree, node);

  for (guint32 i = 0; i < n; i++)
    {
      ckpt_tree_get_child (tree, node, i, child);
      if (selects (self, tree, child))
        return TRUE;
    }
  return FALSE;
}

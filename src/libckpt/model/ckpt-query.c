/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-query.h"

#include <string.h>

#include "model/ckpt-query-term.h"

struct _CkptQuery
{
  GPtrArray *terms; /* CkptQueryTerm: a value is found if all agree */
  GString *text;    /* what is no term */
};

/* The first is the one that help names. */
static const struct
{
  const char *name;
  CkptField field;
} fields[] = {
  { "dtype", CKPT_FIELD_DTYPE },   { "type", CKPT_FIELD_TYPE },    { "shape", CKPT_FIELD_SHAPE },
  { "dims", CKPT_FIELD_DIMS },     { "ndim", CKPT_FIELD_DIMS },    { "dim", CKPT_FIELD_DIMS },
  { "device", CKPT_FIELD_DEVICE }, { "size", CKPT_FIELD_SIZE },    { "bytes", CKPT_FIELD_SIZE },
  { "values", CKPT_FIELD_VALUES }, { "numel", CKPT_FIELD_VALUES }, { "elements", CKPT_FIELD_VALUES },
  { "params", CKPT_FIELD_VALUES },
};

static const char *
skip_blanks (const char *at)
{
  while (g_ascii_isspace (*at))
    at++;
  return at;
}

static gboolean
is_operator (const char *at)
{
  return *at == '>' || *at == '<' || *at == '=' || g_str_has_prefix (at, "≥") || g_str_has_prefix (at, "≤");
}

/* Takes "size:", "size" before an operator, or "-size:" off *@at. FALSE if no field begins there. */
static gboolean
take_field (const char **at, CkptField *field, gboolean *is_negated)
{
  const char *name = **at == '-' ? *at + 1 : *at;
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const char *after = skip_blanks (name + length);

  if (name[length] != ':' && !is_operator (after))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strlen (fields[i].name) == length && g_ascii_strncasecmp (fields[i].name, name, length) == 0)
      {
        *field = fields[i].field;
        *is_negated = name != *at;
        *at = skip_blanks (name[length] == ':' ? name + length + 1 : after);
        return TRUE;
      }
  return FALSE;
}

/* Where a word ends: at a blank that is in no bracket. */
static const char *
find_end (const char *at)
{
  guint depth = 0;

  for (; *at != '\0' && (depth > 0 || !g_ascii_isspace (*at)); at++)
    {
      if (*at == '(' || *at == '[')
        depth++;
      else if ((*at == ')' || *at == ']') && depth > 0)
        depth--;
    }
  return at;
}

/* A number may stand apart from its unit: "10 MB". */
static const char *
add_unit (const char *begin, const char *end, CkptField field)
{
  CkptAmountUnit unit = field == CKPT_FIELD_SIZE ? CKPT_AMOUNT_BYTES : CKPT_AMOUNT_COUNT;
  const char *next = skip_blanks (end);
  const char *next_end = find_end (next);

  if ((field != CKPT_FIELD_SIZE && field != CKPT_FIELD_VALUES) || end == begin ||
      !g_ascii_isdigit (end[-1]) || !ckpt_amount_is_unit (next, (gsize) (next_end - next), unit))
    return end;
  return next_end;
}

/* Takes the value of a field off *@at. */
static char *
take_value (const char **at, CkptField field)
{
  const char *begin = *at;
  const char *number = begin;
  const char *end;

  /* An operator may stand apart from its number. An equality needs no word. */
  while (is_operator (number))
    number = g_utf8_next_char (number);
  if (field == CKPT_FIELD_DTYPE || field == CKPT_FIELD_TYPE || field == CKPT_FIELD_DEVICE)
    while (*begin == '=')
      begin++;
  end = add_unit (begin, find_end (skip_blanks (number)), field);
  *at = end;
  return g_strndup (begin, (gsize) (end - begin));
}

static gboolean
parse (CkptQuery *self, const char *text, GError **error)
{
  const char *at = skip_blanks (text);

  while (*at != '\0')
    {
      const char *begin = at;
      gboolean is_negated = FALSE;
      CkptField field;

      if (take_field (&at, &field, &is_negated))
        {
          g_autofree char *value = take_value (&at, field);
          CkptQueryTerm *term = ckpt_query_term_new (field, value, is_negated, error);

          if (term == NULL)
            return FALSE;
          g_ptr_array_add (self->terms, term);
          at = skip_blanks (at);
          continue;
        }
      while (*at != '\0' && !g_ascii_isspace (*at))
        at++;
      at = skip_blanks (at);
      g_string_append_len (self->text, begin, at - begin);
    }
  g_strchomp (self->text->str);
  return TRUE;
}

static CkptQuery *
query_new (void)
{
  CkptQuery *self = g_new0 (CkptQuery, 1);

  self->terms = g_ptr_array_new_with_free_func ((GDestroyNotify) ckpt_query_term_free);
  self->text = g_string_new (NULL);
  return self;
}

/**
 * ckpt_query_new:
 * @text: in UTF-8: words, and terms such as `dtype:float16`, `type:dict`, `shape:768x*`, `dims:>2`, `device:cuda:1`, `size:>10MB`,
 *   `values:1M..2M`, each also with - before it
 * @error: return location
 *
 * Takes the terms out of what a person typed.
 *
 * Returns: (transfer full): the query, or %NULL with %CKPT_ERROR_NO_SUCH_PATH, "query-syntax", and a sentence for the person
 */
CkptQuery *
ckpt_query_new (const char *text, GError **error)
{
  g_autoptr (CkptQuery) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = query_new ();
  if (!parse (self, text, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * ckpt_query_new_for_word:
 * @word: a word of a search, in UTF-8
 *
 * Returns: (transfer full): what finds the tensors that show @word as their shape, dtype or device: 768×768, float16, cuda
 */
CkptQuery *
ckpt_query_new_for_word (const char *word)
{
  CkptQuery *self;

  g_return_val_if_fail (word != NULL, NULL);

  self = query_new ();
  g_ptr_array_add (self->terms, ckpt_query_term_new_for_word (word));
  return self;
}

/**
 * ckpt_query_free:
 */
void
ckpt_query_free (CkptQuery *self)
{
  g_ptr_array_unref (self->terms);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * ckpt_query_has_terms:
 *
 * Returns: whether it asks something of the values themselves
 */
gboolean
ckpt_query_has_terms (const CkptQuery *self)
{
  return self->terms->len > 0;
}

/**
 * ckpt_query_get_text:
 *
 * Returns: (transfer none): what is left without the terms: words, a glob or a regular expression; perhaps empty
 */
const char *
ckpt_query_get_text (const CkptQuery *self)
{
  return self->text->str;
}

/**
 * ckpt_query_matches:
 * @node: a value of @tree
 *
 * Returns: whether the value is as all terms ask
 */
gboolean
ckpt_query_matches (const CkptQuery *self, CkptTree *tree, CkptNodeId node)
{
  for (guint i = 0; i < self->terms->len; i++)
    if (!ckpt_query_term_matches (g_ptr_array_index (self->terms, i), tree, node))
      return FALSE;
  return TRUE;
}

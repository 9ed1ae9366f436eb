/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-warnings.h"

/* Places of one code that are kept apart. */
#define MAX_OF_ONE_CODE 20

#define NO_NODE G_MAXUINT32

struct _CkptWarnings
{
  GPtrArray *list;     /* element-type CkptWarning */
  GHashTable *n_of;    /* code -> how many are kept */
  GHashTable *last_of; /* code -> the last one kept, which counts the others; borrowed */
};

static void
warning_free (gpointer data)
{
  CkptWarning *warning = data;

  ckpt_place_clear (&warning->place);
  g_free (warning->path);
  g_free (warning->message);
  g_free (warning);
}

/**
 * ckpt_warnings_new:
 *
 * Returns: (transfer full): an empty list of warnings
 */
CkptWarnings *
ckpt_warnings_new (void)
{
  CkptWarnings *self = g_new0 (CkptWarnings, 1);

  self->list = g_ptr_array_new_with_free_func (warning_free);
  self->n_of = g_hash_table_new (g_str_hash, g_str_equal);
  self->last_of = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * ckpt_warnings_free:
 * @self: (transfer full): a list of warnings
 */
void
ckpt_warnings_free (CkptWarnings *self)
{
  g_hash_table_unref (self->last_of);
  g_hash_table_unref (self->n_of);
  g_ptr_array_unref (self->list);
  g_free (self);
}

static CkptWarning *
warnings_add (CkptWarnings *self, const char *code)
{
  guint n_kept = GPOINTER_TO_UINT (g_hash_table_lookup (self->n_of, code));
  CkptWarning *warning;

  if (n_kept >= MAX_OF_ONE_CODE)
    {
      warning = g_hash_table_lookup (self->last_of, code);
      warning->count += warning->count < G_MAXUINT;
      return NULL;
    }
  warning = g_new0 (CkptWarning, 1);
  warning->place.code = g_strdup (code);
  warning->place.offset = CKPT_NO_OFFSET;
  warning->place.file_offset = CKPT_NO_OFFSET;
  warning->node = NO_NODE;
  warning->count = 1;
  g_ptr_array_add (self->list, warning);
  g_hash_table_replace (self->n_of, warning->place.code, GUINT_TO_POINTER (n_kept + 1));
  g_hash_table_replace (self->last_of, warning->place.code, warning);
  return warning;
}

/**
 * ckpt_warnings_add:
 * @self: a list of warnings
 * @code: the stable name of what is odd
 * @record: (nullable): the record it is in
 * @offset: byte of the record, or %CKPT_NO_OFFSET
 * @format: a sentence that a person can act on, a format of printf()
 * @...: its arguments; never text of a file that was not escaped
 *
 * Adds a warning about a place of the file. Of one code the first 20 are kept; the last of these counts all
 * that follow, so
 * the sum of the counts is how often it happened.
 *
 * Returns: (transfer none) (nullable): the warning, to be given more until the next call; %NULL if it was
 *   only counted
 */
CkptWarning *
ckpt_warnings_add (CkptWarnings *self,
                   const char *code,
                   const char *record,
                   guint64 offset,
                   const char *format,
                   ...)
{
  CkptWarning *warning;
  va_list args;

  g_return_val_if_fail (self != NULL, NULL);

  warning = warnings_add (self, code);
  if (warning == NULL)
    return NULL;
  warning->place.record = g_strdup (record);
  warning->place.offset = offset;
  va_start (args, format);
  warning->message = g_strdup_vprintf (format, args);
  va_end (args);
  return warning;
}

/**
 * ckpt_warnings_add_node:
 * @self: a list of warnings
 * @code: the stable name of what is odd
 * @node: the value it is about
 * @format: a sentence that a person can act on, a format of printf()
 * @...: its arguments; never text of a file that was not escaped
 *
 * Adds a warning about a value, whose path is found later. Counting is as in ckpt_warnings_add().
 *
 * Returns: (transfer none) (nullable): the warning, to be given more until the next call; %NULL if it was
 *   only counted
 */
CkptWarning *
ckpt_warnings_add_node (CkptWarnings *self, const char *code, guint32 node, const char *format, ...)
{
  CkptWarning *warning;
  va_list args;

  g_return_val_if_fail (self != NULL, NULL);

  warning = warnings_add (self, code);
  if (warning == NULL)
    return NULL;
  warning->node = node;
  va_start (args, format);
  warning->message = g_strdup_vprintf (format, args);
  va_end (args);
  return warning;
}

/**
 * ckpt_warnings_get_n:
 * @self: a list of warnings
 *
 * Returns: how many are kept apart
 */
guint
ckpt_warnings_get_n (CkptWarnings *self)
{
  return self->list->len;
}

/**
 * ckpt_warnings_get:
 * @self: a list of warnings
 * @i: which one
 *
 * Returns: (transfer none): the warning
 */
CkptWarning *
ckpt_warnings_get (CkptWarnings *self, guint i)
{
  g_return_val_if_fail (i < self->list->len, NULL);

  return g_ptr_array_index (self->list, i);
}

/**
 * ckpt_warnings_has:
 * @self: a list of warnings
 * @code: the stable name of what is odd
 *
 * Returns: whether there is a warning with that code
 */
gboolean
ckpt_warnings_has (CkptWarnings *self, const char *code)
{
  return g_hash_table_contains (self->n_of, code);
}

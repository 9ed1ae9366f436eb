/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-error.h"

#include <inttypes.h>

typedef struct
{
  CkptPlace place;
} CkptErrorPrivate;

static void
place_init (CkptPlace *place)
{
  *place = (CkptPlace) { .offset = CKPT_NO_OFFSET, .file_offset = CKPT_NO_OFFSET };
}

static void
ckpt_error_private_init (CkptErrorPrivate *priv)
{
  place_init (&priv->place);
}

static void
ckpt_error_private_copy (const CkptErrorPrivate *from, CkptErrorPrivate *to)
{
  to->place = from->place;
  to->place.code = g_strdup (from->place.code);
  to->place.record = g_strdup (from->place.record);
  to->place.element = g_strdup (from->place.element);
}

static void
ckpt_error_private_clear (CkptErrorPrivate *priv)
{
  ckpt_place_clear (&priv->place);
}

G_DEFINE_EXTENDED_ERROR (CkptError, ckpt_error)

/**
 * ckpt_error_get_place:
 * @error: an error of any domain
 *
 * Tells where in a file something was found to be wrong.
 *
 * Returns: (transfer none) (nullable): the place, or %NULL if @error is not of %CKPT_ERROR
 */
const CkptPlace *
ckpt_error_get_place (const GError *error)
{
  CkptErrorPrivate *priv;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != CKPT_ERROR)
    return NULL;
  priv = ckpt_error_get_private (error);
  return priv != NULL ? &priv->place : NULL;
}

/**
 * ckpt_error_get_code:
 * @error: an error of any domain
 *
 * Returns: (transfer none) (nullable): the stable name of what went wrong, such as "pickle-truncated"; %NULL
 *   for errors of
 *   other domains
 */
const char *
ckpt_error_get_code (const GError *error)
{
  const CkptPlace *place = ckpt_error_get_place (error);

  return place != NULL ? place->code : NULL;
}

/**
 * ckpt_place_to_string:
 * @place: a place of an error or a warning
 *
 * Gives the line for a programmer: `archive/data.pkl · byte 2041 (file byte 2105, 0x839) · BINUNICODE ·
 * pickle-truncated`, of
 * which what is not known is left out. The record's name stands in it as in the file, made valid UTF-8, so
 * the line is to be
 * escaped like any text of a file before it is shown.
 *
 * Returns: (transfer full): the line
 */
char *
ckpt_place_to_string (const CkptPlace *place)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *in_file = NULL;

  g_return_val_if_fail (place != NULL, NULL);

  if (place->record != NULL)
    g_ptr_array_add (parts, g_utf8_make_valid (place->record, -1));
  if (place->file_offset != CKPT_NO_OFFSET)
    in_file = g_strdup_printf ("file byte %" PRIu64 ", 0x%" PRIx64, place->file_offset, place->file_offset);
  if (place->offset != CKPT_NO_OFFSET && in_file != NULL)
    g_ptr_array_add (parts, g_strdup_printf ("byte %" PRIu64 " (%s)", place->offset, in_file));
  else if (place->offset != CKPT_NO_OFFSET)
    g_ptr_array_add (parts, g_strdup_printf ("byte %" PRIu64, place->offset));
  else if (in_file != NULL)
    g_ptr_array_add (parts, g_steal_pointer (&in_file));
  if (place->element != NULL)
    g_ptr_array_add (parts, g_utf8_make_valid (place->element, -1));
  if (place->code != NULL)
    g_ptr_array_add (parts, g_strdup (place->code));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

/**
 * ckpt_place_clear:
 * @place: a place
 *
 * Frees what @place holds and leaves it as the place that is not known.
 */
void
ckpt_place_clear (CkptPlace *place)
{
  g_free (place->code);
  g_free (place->record);
  g_free (place->element);
  place_init (place);
}

static GError *G_GNUC_PRINTF (3, 0)
error_new_valist (CkptError error_code, const char *code, const char *format, va_list args)
{
  GError *error = g_error_new_valist (CKPT_ERROR, error_code, format, args);
  CkptErrorPrivate *priv = ckpt_error_get_private (error);

  priv->place.code = g_strdup (code);
  return error;
}

/**
 * ckpt_error_new:
 * @error_code: what kind of error
 * @code: the stable name of what is wrong
 * @format: a sentence for a person, a format of printf()
 * @...: its arguments; never text of a file that was not escaped
 *
 * Returns: (transfer full): an error without a place
 */
GError *
ckpt_error_new (CkptError error_code, const char *code, const char *format, ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = error_new_valist (error_code, code, format, args);
  va_end (args);
  return error;
}

/**
 * ckpt_error_set:
 * @error: where to put it
 * @error_code: what kind of error
 * @code: the stable name of what is wrong
 * @format: a sentence for a person, a format of printf()
 * @...: its arguments; never text of a file that was not escaped
 *
 * Sets @error, without a place.
 *
 * Returns: %FALSE, so that a function can end with `return ckpt_error_set (...)`
 */
gboolean
ckpt_error_set (GError **error, CkptError error_code, const char *code, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  g_propagate_error (error, error_new_valist (error_code, code, format, args));
  va_end (args);
  return FALSE;
}

/**
 * ckpt_error_set_at:
 * @error: where to put it
 * @error_code: what kind of error
 * @code: the stable name of what is wrong
 * @record: (nullable): the record it is in
 * @offset: byte of the record, or %CKPT_NO_OFFSET
 * @file_offset: byte of the file, or %CKPT_NO_OFFSET
 * @format: a sentence for a person, a format of printf()
 * @...: its arguments; never text of a file that was not escaped
 *
 * Sets @error with its place.
 *
 * Returns: %FALSE, as ckpt_error_set()
 */
gboolean
ckpt_error_set_at (GError **error,
                   CkptError error_code,
                   const char *code,
                   const char *record,
                   guint64 offset,
                   guint64 file_offset,
                   const char *format,
                   ...)
{
  GError *placed;
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  placed = error_new_valist (error_code, code, format, args);
  va_end (args);
  ckpt_error_set_place (placed, record, offset, file_offset, NULL);
  g_propagate_error (error, placed);
  return FALSE;
}

/**
 * ckpt_error_set_place:
 * @error: (nullable): an error; those of other domains keep no place
 * @record: (nullable): the record
 * @offset: byte of the record, or %CKPT_NO_OFFSET
 * @file_offset: byte of the file, or %CKPT_NO_OFFSET
 * @element: (nullable): the opcode or field
 *
 * Says where an error is, in place of what it said before. The stable code stays.
 */
void
ckpt_error_set_place (GError *error,
                      const char *record,
                      guint64 offset,
                      guint64 file_offset,
                      const char *element)
{
  CkptErrorPrivate *priv;

  if (error == NULL || error->domain != CKPT_ERROR)
    return;
  priv = ckpt_error_get_private (error);
  if (priv == NULL)
    return;
  g_set_str (&priv->place.record, record);
  g_set_str (&priv->place.element, element);
  priv->place.offset = offset;
  priv->place.file_offset = file_offset;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-instruction.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"
#include "pickle/ckpt-utf8.h"

/**
 * ckpt_pickle_error_place:
 * @error: (nullable): an error
 * @reader: the record
 * @offset: byte of the record
 * @element: (nullable): name of an opcode
 *
 * Says where an error is, unless it says so itself.
 */
void
ckpt_pickle_error_place (GError *error, CkptReader *reader, guint64 offset, const char *element)
{
  const CkptPlace *place = error != NULL ? ckpt_error_get_place (error) : NULL;

  if (place != NULL && place->offset == CKPT_NO_OFFSET && place->file_offset == CKPT_NO_OFFSET)
    ckpt_error_set_place (error, ckpt_reader_get_record (reader), offset,
                          ckpt_reader_get_file_offset (reader, offset), element);
}

/**
 * ckpt_pickle_error_set:
 * @error: return location
 * @reader: the record
 * @error_code: what kind of error
 * @code: the stable name of what is wrong
 * @offset: byte of the record where it is
 * @element: (nullable): name of an opcode
 * @format: a sentence for a person, a format of printf()
 * @...: its arguments; never text of the file
 *
 * Returns: %FALSE
 */
gboolean
ckpt_pickle_error_set (GError **error,
                       CkptReader *reader,
                       CkptError error_code,
                       const char *code,
                       guint64 offset,
                       const char *element,
                       const char *format,
                       ...)
{
  g_autofree char *message = NULL;
  GError *made;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  made = ckpt_error_new (error_code, code, "%s", message);
  ckpt_pickle_error_place (made, reader, offset, element);
  g_propagate_error (error, made);
  return FALSE;
}

static gboolean
set_cut (CkptInstruction *self, CkptReader *reader, guint64 n_needed, GError **error)
{
  g_autofree char *position = ckpt_text_count (self->position);
  g_autofree char *needed = ckpt_text_count (n_needed);
  g_autofree char *remaining = ckpt_text_count (ckpt_reader_get_remaining (reader));
  g_autofree char *message = NULL;

  switch ((CkptOpcode) self->opcode)
    {
    case CKPT_OP_BINUNICODE:
    case CKPT_OP_SHORT_BINUNICODE:
    case CKPT_OP_BINUNICODE8:
    case CKPT_OP_BINSTRING:
    case CKPT_OP_SHORT_BINSTRING:
      /* Translators: all three are numbers, already formatted. */
      message = g_strdup_printf (
          _ ("The list of values is cut: a text at byte %s needs %s bytes, but only %s remain."), position,
          needed, remaining);
      break;
    case CKPT_OP_BINBYTES:
    case CKPT_OP_SHORT_BINBYTES:
    case CKPT_OP_BINBYTES8:
    case CKPT_OP_BYTEARRAY8:
      message = g_strdup_printf (
          _ ("The list of values is cut: binary data at byte %s needs %s bytes, but only %s remain."),
          position, needed, remaining);
      break;
    default:
      message = g_strdup_printf (
          _ ("The list of values is cut: a number at byte %s needs %s bytes, but only %s remain."), position,
          needed, remaining);
      break;
    }
  return ckpt_pickle_error_set (error, reader, CKPT_ERROR_TRUNCATED, "pickle-truncated", self->position,
                                self->info->name, "%s", message);
}

static gboolean
take (CkptInstruction *self, CkptReader *reader, gsize length, GError **error)
{
  self->bytes = ckpt_reader_take (reader, length, error);
  self->length = length;
  if (G_LIKELY (self->bytes != NULL))
    return TRUE;
  if (length <= ckpt_reader_get_remaining (reader))
    return FALSE;
  g_clear_error (error);
  return set_cut (self, reader, length, error);
}

static gboolean
take_line (CkptInstruction *self, CkptReader *reader, GError **error)
{
  guint64 start = ckpt_reader_get_position (reader);
  g_autofree char *position = NULL;
  g_autoptr (GError) local = NULL;

  self->bytes = ckpt_reader_take_line (reader, CKPT_LIMIT_TEXT_LINE, &self->length, &local);
  if (self->bytes != NULL)
    return TRUE;
  position = ckpt_text_count (start);
  if (g_error_matches (local, CKPT_ERROR, CKPT_ERROR_TRUNCATED))
    return ckpt_pickle_error_set (
        error, reader, CKPT_ERROR_TRUNCATED, "pickle-truncated", start, self->info->name,
        _ ("The list of values is cut: the text from byte %s on has no end."), position);
  if (g_strcmp0 (ckpt_error_get_code (local), "text-line-long") == 0)
    return ckpt_pickle_error_set (
        error, reader, CKPT_ERROR_LIMIT, "pickle-limit", start, self->info->name,
        _ ("The text from byte %s on is longer than %u MiB, the most that is read."), position,
        (guint) (CKPT_LIMIT_TEXT_LINE >> 20));
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* The first line must be copied, as taking the second one may overwrite it. */
static gboolean
take_two_lines (CkptInstruction *self, CkptReader *reader, GError **error)
{
  if (!take_line (self, reader, error))
    return FALSE;
  if (self->first == NULL)
    self->first = g_malloc (CKPT_LIMIT_GLOBAL_NAME);
  self->is_first_cut = self->length > CKPT_LIMIT_GLOBAL_NAME;
  self->first_length = self->is_first_cut ? ckpt_utf8_cut (self->bytes, CKPT_LIMIT_GLOBAL_NAME)
                                          : self->length;
  memcpy (self->first, self->bytes, self->first_length);
  return take_line (self, reader, error);
}

static gboolean
take_count (CkptInstruction *self, CkptReader *reader, gsize size, GError **error)
{
  g_autofree char *position = NULL;

  if (!take (self, reader, size, error))
    return FALSE;
  self->count = ckpt_instruction_number (self->bytes, size);
  if (self->info->argument == CKPT_ARG_COUNT4_SIGNED && self->count > G_MAXINT32)
    {
      position = ckpt_text_count (self->position + 1);
      return ckpt_pickle_error_set (
          error, reader, CKPT_ERROR_MALFORMED, "pickle-length", self->position + 1, self->info->name,
          _ ("The list of values is damaged: the length at byte %s is negative."), position);
    }
  if (self->count > ckpt_reader_get_remaining (reader))
    return set_cut (self, reader, self->count, error);
  return TRUE;
}

static gboolean
take_argument (CkptInstruction *self, CkptReader *reader, GError **error)
{
  switch ((CkptArgument) self->info->argument)
    {
    case CKPT_ARG_NONE:
      return TRUE;
    case CKPT_ARG_FIXED:
      return take (self, reader, self->info->size, error);
    case CKPT_ARG_LINE:
      return take_line (self, reader, error);
    case CKPT_ARG_LINES:
      return take_two_lines (self, reader, error);
    case CKPT_ARG_COUNT1:
      return take_count (self, reader, 1, error);
    case CKPT_ARG_COUNT4:
    case CKPT_ARG_COUNT4_SIGNED:
      return take_count (self, reader, 4, error);
    case CKPT_ARG_COUNT8:
      return take_count (self, reader, 8, error);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
set_no_opcode (CkptInstruction *self, CkptReader *reader, GError **error)
{
  g_autofree char *position = ckpt_text_count (self->position);

  if (ckpt_reader_get_remaining (reader) == 0 && self->info == NULL)
    return ckpt_pickle_error_set (
        error, reader, CKPT_ERROR_TRUNCATED, "pickle-truncated", self->position, NULL,
        _ ("The list of values is cut: it stops at byte %s without its end mark."), position);
  return ckpt_pickle_error_set (error, reader, CKPT_ERROR_MALFORMED, "unknown-opcode", self->position, NULL,
                                _ ("The list of values is damaged: byte %s, 0x%02x, means nothing there."),
                                position, self->opcode);
}

/**
 * ckpt_instruction_number:
 * @bytes: (array length=length): a number, its lowest byte first
 * @length: bytes, at most 8
 *
 * Returns: the number
 */
guint64
ckpt_instruction_number (const guint8 *bytes, gsize length)
{
  guint64 number = 0;

  for (gsize i = length; i > 0; i--)
    number = number << 8 | bytes[i - 1];
  return number;
}

/**
 * ckpt_instruction_read:
 * @self: where to put it
 * @reader: a cursor that stands at an opcode
 * @error: return location
 *
 * Reads an opcode and its argument, as far as that is a number or a line; how arguments are written is told by Python's
 * pickletools.py. Bytes that a count announces are left for the caller, after it was seen that the record has that many.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED, %CKPT_ERROR_MALFORMED, %CKPT_ERROR_LIMIT, or an error of reading the file
 */
gboolean
ckpt_instruction_read (CkptInstruction *self, CkptReader *reader, GError **error)
{
  const guint8 *opcode;

  self->position = ckpt_reader_get_position (reader);
  self->info = NULL;
  self->count = 0;
  opcode = ckpt_reader_take (reader, 1, error);
  if (G_UNLIKELY (opcode == NULL))
    {
      if (ckpt_reader_get_remaining (reader) > 0)
        return FALSE;
      g_clear_error (error);
      return set_no_opcode (self, reader, error);
    }
  self->opcode = *opcode;
  self->info = ckpt_opcode_get_info (self->opcode);
  if (G_UNLIKELY (self->info->name == NULL))
    return set_no_opcode (self, reader, error);
  return take_argument (self, reader, error);
}

/**
 * ckpt_instruction_clear:
 * @self: an instruction
 *
 * Frees what it holds.
 */
void
ckpt_instruction_clear (CkptInstruction *self)
{
  g_clear_pointer (&self->first, g_free);
}

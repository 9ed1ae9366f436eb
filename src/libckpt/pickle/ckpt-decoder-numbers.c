/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-limits.h"
#include "model/ckpt-text.h"
#include "pickle/ckpt-python-text.h"

/* First bytes of a long number that are kept. */
#define PREFIX_LENGTH 256u

static gboolean
fail_number (CkptDecoder *self, GError **error)
{
  g_autofree char *position = ckpt_text_count (self->in.position + 1);

  return ckpt_decoder_fail (self, error, CKPT_ERROR_MALFORMED, "pickle-number", self->in.position + 1,
                            _ ("The list of values is damaged: the text at byte %s is no number."), position);
}

/* An int beyond 64 bits stays the digits that it is written in, as converting them takes time in the square of their number. */
static gboolean
push_digits (CkptDecoder *self, const char *text, const CkptPythonInt *number, GError **error)
{
  const char *digits = text + number->digits;
  gsize length = 0;
  char *scratch;

  if (number->n_digits > CKPT_LIMIT_INLINE_TEXT)
    {
      if (number->has_underscores)
        return fail_number (self, error);
      return ckpt_decoder_push (self,
                                ckpt_nodes_add_long_text (self->nodes, CKPT_KIND_INT, CKPT_NODE_DECIMAL,
                                                          self->in.opcode, digits, PREFIX_LENGTH,
                                                          number->n_digits,
                                                          ckpt_reader_get_record_index (self->reader),
                                                          self->in.position + 1 + number->digits, error),
                                error);
    }
  scratch = ckpt_decoder_scratch (self, number->n_digits, error);
  if (scratch == NULL)
    return FALSE;
  for (gsize i = 0; i < number->n_digits; i++)
    if (digits[i] != '_')
      scratch[length++] = digits[i];
  return ckpt_decoder_push (self,
                            ckpt_nodes_add_text (self->nodes, CKPT_KIND_INT, CKPT_NODE_DECIMAL,
                                                 self->in.opcode, scratch, length, error),
                            error);
}

static gboolean
push_int_text (CkptDecoder *self, const char *text, gsize length, CkptPythonIntStyle style, GError **error)
{
  CkptPythonInt number;

  if (!ckpt_python_parse_int (text, length, style, &number))
    return fail_number (self, error);
  if (number.is_octal)
    ckpt_decoder_locate (
        self,
        ckpt_warnings_add (self->warnings, "octal-number", CKPT_DECODER_HERE (self),
                           _ ("A number begins with a zero, so that programs read different numbers.")),
        CKPT_NO_NODE);
  if (number.is_big)
    return push_digits (self, text, &number, error);
  return ckpt_decoder_push (self, ckpt_nodes_add_int (self->nodes, number.value, self->in.opcode, error),
                            error);
}

/* 00 and 01 are how protocols 0 and 1 write booleans. */
gboolean
ckpt_decode_int (CkptDecoder *self, GError **error)
{
  const char *text = (const char *) self->in.bytes;

  if (self->in.length == 2 && text[0] == '0' && (text[1] == '0' || text[1] == '1'))
    return ckpt_decoder_push (self, ckpt_nodes_add_bool (self->nodes, text[1] == '1', error), error);
  return push_int_text (self, text, self->in.length, CKPT_PYTHON_STRTOL, error);
}

gboolean
ckpt_decode_binint (CkptDecoder *self, GError **error)
{
  gint64 value = ckpt_instruction_number (self->in.bytes, self->in.length);

  if (self->in.opcode == CKPT_OP_BININT)
    value = (gint32) value;
  return ckpt_decoder_push (self, ckpt_nodes_add_int (self->nodes, value, self->in.opcode, error), error);
}

gboolean
ckpt_decode_long (CkptDecoder *self, GError **error)
{
  const char *text = (const char *) self->in.bytes;
  gsize length = self->in.length;

  if (length > 0 && text[length - 1] == 'L')
    length--;
  return push_int_text (self, text, length, CKPT_PYTHON_LITERAL, error);
}

/* Bytes of a number in two's complement that carry its value; what follows only repeats the sign. */
static gsize
count_significant (const guint8 *bytes, gsize length)
{
  while (length > 1 && bytes[length - 1] == ((bytes[length - 2] & 0x80) != 0 ? 0xff : 0))
    length--;
  return length;
}

static gint64
read_signed (const guint8 *bytes, gsize length)
{
  guint unused_bits = 64 - 8 * length;

  if (length == 0)
    return 0;
  return (gint64) (ckpt_instruction_number (bytes, length) << unused_bits) >> unused_bits;
}

gboolean
ckpt_decode_binlong (CkptDecoder *self, GError **error)
{
  guint64 count = self->in.count;
  gboolean is_long = count > CKPT_LIMIT_INLINE_TEXT;
  guint64 position = ckpt_reader_get_position (self->reader);
  gsize n_taken = is_long ? PREFIX_LENGTH : count;
  const guint8 *bytes = ckpt_reader_take (self->reader, n_taken, error);
  CkptNodeId node;

  if (bytes == NULL)
    return FALSE;
  if (is_long)
    node = ckpt_nodes_add_long_text (self->nodes, CKPT_KIND_INT, CKPT_NODE_BIG_INT, self->in.opcode, bytes,
                                     n_taken, count, ckpt_reader_get_record_index (self->reader), position,
                                     error);
  else if (count_significant (bytes, n_taken) <= sizeof (gint64))
    node = ckpt_nodes_add_int (self->nodes, read_signed (bytes, count_significant (bytes, n_taken)),
                               self->in.opcode, error);
  else
    node = ckpt_nodes_add_text (self->nodes, CKPT_KIND_INT, CKPT_NODE_BIG_INT, self->in.opcode, bytes,
                                count_significant (bytes, n_taken), error);
  return ckpt_decoder_push (self, node, error) && ckpt_reader_skip (self->reader, count - n_taken, error);
}

gboolean
ckpt_decode_float (CkptDecoder *self, GError **error)
{
  char *scratch = ckpt_decoder_scratch (self, self->in.length + 1, error);
  double value;

  if (scratch == NULL)
    return FALSE;
  if (!ckpt_python_parse_float ((const char *) self->in.bytes, self->in.length, scratch, &value))
    return fail_number (self, error);
  return ckpt_decoder_push (self, ckpt_nodes_add_float (self->nodes, value, self->in.opcode, error), error);
}

/* The one number of a pickle that begins with its highest byte. */
gboolean
ckpt_decode_binfloat (CkptDecoder *self, GError **error)
{
  guint64 bits;
  double value;

  memcpy (&bits, self->in.bytes, sizeof bits);
  bits = GUINT64_FROM_BE (bits);
  memcpy (&value, &bits, sizeof value);
  return ckpt_decoder_push (self, ckpt_nodes_add_float (self->nodes, value, self->in.opcode, error), error);
}

static gboolean
parse_index (CkptDecoder *self, guint32 *index, GError **error)
{
  CkptPythonInt number;

  if (!ckpt_python_parse_int ((const char *) self->in.bytes, self->in.length, CKPT_PYTHON_DECIMAL, &number))
    return fail_number (self, error);
  if (number.is_big || number.value < 0 || number.value > G_MAXUINT32)
    return ckpt_decoder_fail (
        self, error, CKPT_ERROR_MALFORMED, "pickle-memo", self->in.position + 1,
        _ ("The list of values is damaged: %s names a stored value whose number is out of range."),
        self->in.info->name);
  *index = number.value;
  return TRUE;
}

static gboolean
get (CkptDecoder *self, guint32 index, GError **error)
{
  CkptNodeId node = ckpt_memo_get (self->memo, index);
  g_autofree char *position = NULL;

  if (G_LIKELY (node != CKPT_NO_NODE))
    {
      if (G_UNLIKELY (self->popped != CKPT_NO_NODE))
        ckpt_decoder_note_get (self, node);
      return ckpt_decoder_push (self, node, error);
    }
  position = ckpt_text_count (self->in.position);
  return ckpt_decoder_fail (
      self, error, CKPT_ERROR_MALFORMED, "pickle-memo", self->in.position,
      _ ("The list of values is damaged: byte %s asks for stored value %u, which was never stored."),
      position, index);
}

static gboolean
put (CkptDecoder *self, guint32 index, GError **error)
{
  CkptNodeId node;

  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  node = ckpt_stack_peek (&self->stack, 0);
  ckpt_nodes_set_flag (self->nodes, node, CKPT_NODE_PUT);
  return ckpt_memo_put (self->memo, index, node, error);
}

gboolean
ckpt_decode_get (CkptDecoder *self, GError **error)
{
  guint32 index;

  return parse_index (self, &index, error) && get (self, index, error);
}

gboolean
ckpt_decode_binget (CkptDecoder *self, GError **error)
{
  return get (self, ckpt_instruction_number (self->in.bytes, self->in.length), error);
}

gboolean
ckpt_decode_put (CkptDecoder *self, GError **error)
{
  guint32 index;

  return parse_index (self, &index, error) && put (self, index, error);
}

gboolean
ckpt_decode_binput (CkptDecoder *self, GError **error)
{
  return put (self, ckpt_instruction_number (self->in.bytes, self->in.length), error);
}

gboolean
ckpt_decode_memoize (CkptDecoder *self, GError **error)
{
  return put (self, ckpt_memo_get_n (self->memo), error);
}

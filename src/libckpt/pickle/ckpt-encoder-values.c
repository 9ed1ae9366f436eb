/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-encoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-alloc.h"

#define PIECE ((gsize) 32 << 10)
/* Decimal digits that fit in a limb of a long number. */
#define LIMB_DIGITS 9u

/* Bytes of two's complement that a number takes. */
static guint
count_bytes (gint64 value)
{
  guint n = 1;

  while (n < sizeof value && value >> (8 * n - 1) != 0 && value >> (8 * n - 1) != -1)
    n++;
  return n;
}

static gboolean
write_small (CkptEncoder *self, gint64 value, gboolean is_python2_long, GError **error)
{
  guint64 bits = value;
  guint8 n_bytes = value == 0 ? 0 : count_bytes (value);
  const guint8 head[2] = { CKPT_OP_LONG1, n_bytes };

  if (!is_python2_long && value >= 0 && value <= G_MAXUINT8)
    return ckpt_encoder_write_number (self, CKPT_OP_BININT1, bits, 1, error);
  if (!is_python2_long && value >= 0 && value <= G_MAXUINT16)
    return ckpt_encoder_write_number (self, CKPT_OP_BININT2, bits, 2, error);
  if (!is_python2_long && value >= G_MININT32 && value <= G_MAXINT32)
    return ckpt_encoder_write_number (self, CKPT_OP_BININT, bits, 4, error);
  bits = GUINT64_TO_LE (bits);
  return ckpt_encoder_write (self, head, sizeof head, error) &&
         ckpt_encoder_write (self, &bits, n_bytes, error);
}

/* The head of a long number of so many bytes. */
static gboolean
write_long_head (CkptEncoder *self, guint64 n_bytes, GError **error)
{
  if (n_bytes <= G_MAXUINT8)
    return ckpt_encoder_write_number (self, CKPT_OP_LONG1, n_bytes, 1, error);
  if (n_bytes <= G_MAXINT32)
    return ckpt_encoder_write_number (self, CKPT_OP_LONG4, n_bytes, 4, error);
  return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "pickle-number",
                         _ ("A number in this file is too large to be written."));
}

/* Puts decimal digits after those of the number in @limbs. */
static void
shift_in (guint32 *limbs, gsize *n_limbs, const char *digits, gsize n_digits)
{
  guint32 factor = 1, carry = 0;

  for (gsize i = 0; i < n_digits; i++)
    {
      factor *= 10;
      carry = carry * 10 + (digits[i] - '0');
    }
  for (gsize i = 0; i < *n_limbs; i++)
    {
      guint64 sum = (guint64) limbs[i] * factor + carry;

      limbs[i] = sum;
      carry = sum >> 32;
    }
  if (carry != 0)
    limbs[(*n_limbs)++] = carry;
}

static void
negate (guint32 *limbs, gsize n_limbs)
{
  guint32 carry = 1;

  for (gsize i = 0; i < n_limbs; i++)
    {
      limbs[i] = ~limbs[i] + carry;
      carry = carry != 0 && limbs[i] == 0;
    }
}

/* Writes a number that is kept as decimal digits, which protocols 0 and 1 have. */
static gboolean
write_decimal (CkptEncoder *self, const char *digits, gsize n_digits, GError **error)
{
  const gboolean is_negative = n_digits > 0 && digits[0] == '-';
  const gsize n_room = (n_digits / LIMB_DIGITS + 2) * sizeof (guint32);
  gsize n_limbs = 0, n_bytes;
  g_autofree guint32 *limbs = ckpt_try_malloc (n_room, error);
  const guint8 *bytes = (const guint8 *) limbs;

  if (limbs == NULL)
    return FALSE;
  memset (limbs, 0, n_room);
  for (gsize i = is_negative; i < n_digits; i += LIMB_DIGITS)
    shift_in (limbs, &n_limbs, digits + i, MIN (LIMB_DIGITS, n_digits - i));
  n_limbs++; /* the sign */
  if (is_negative)
    negate (limbs, n_limbs);
  for (gsize i = 0; i < n_limbs; i++)
    limbs[i] = GUINT32_TO_LE (limbs[i]);
  n_bytes = n_limbs * sizeof (guint32);
  while (n_bytes > 1 && bytes[n_bytes - 1] == ((bytes[n_bytes - 2] & 0x80) != 0 ? 0xff : 0))
    n_bytes--;
  return write_long_head (self, n_bytes, error) && ckpt_encoder_write (self, bytes, n_bytes, error);
}

gboolean
ckpt_encoder_write_int (CkptEncoder *self, CkptNodeId node, GError **error)
{
  CkptNodeFlags flags = ckpt_nodes_get_flags (self->nodes, node);
  const char *text;
  gsize length;

  if ((flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) == 0)
    {
      guint8 opcode = ckpt_nodes_get_opcode (self->nodes, node);

      /* A long of Python 2 is one whatever its value. */
      return write_small (self, ckpt_nodes_get_int (self->nodes, node),
                          opcode == CKPT_OP_LONG1 || opcode == CKPT_OP_LONG4, error);
    }
  if ((flags & CKPT_NODE_BIG_INT) != 0)
    return write_long_head (self, ckpt_nodes_get_length (self->nodes, node), error) &&
           ckpt_encoder_copy_text (self, node, error);
  if ((flags & CKPT_NODE_LONG) != 0) /* to convert so many digits would take too long */
    return ckpt_encoder_write_opcode (self, CKPT_OP_LONG, error) &&
           ckpt_encoder_copy_text (self, node, error) && ckpt_encoder_write (self, "L\n", 2, error);
  text = ckpt_nodes_get_text (self->nodes, node, &length);
  return write_decimal (self, text, length, error);
}

gboolean
ckpt_encoder_read_text (CkptEncoder *self,
                        CkptNodeId node,
                        guint64 offset,
                        gpointer buffer,
                        gsize length,
                        GError **error)
{
  guint64 position;
  guint32 record;

  if (!ckpt_nodes_get_long_place (self->nodes, node, &record, &position))
    {
      memcpy (buffer, ckpt_nodes_get_text (self->nodes, node, NULL) + offset, length);
      return TRUE;
    }
  if (self->archive == NULL)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "text-not-at-hand",
                           _ ("A long text is in a file that is not at hand."));
  return ckpt_archive_read (self->archive, record, position + offset, buffer, length, error);
}

gboolean
ckpt_encoder_copy_text (CkptEncoder *self, CkptNodeId node, GError **error)
{
  guint64 length = ckpt_nodes_get_length (self->nodes, node);
  g_autofree guint8 *piece = NULL;

  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_LONG) == 0)
    return ckpt_encoder_write (self, ckpt_nodes_get_text (self->nodes, node, NULL), length, error);
  piece = g_malloc (PIECE);
  for (guint64 offset = 0; offset < length; offset += PIECE)
    {
      gsize n = MIN (PIECE, length - offset);

      if (!ckpt_encoder_read_text (self, node, offset, piece, n, error) ||
          !ckpt_encoder_write (self, piece, n, error))
        return FALSE;
    }
  return TRUE;
}

/* Protocol 2 has no opcode for a text over 4 GiB, but its readers know that of protocol 4. */
static gboolean
write_unicode_head (CkptEncoder *self, guint64 length, GError **error)
{
  return length <= G_MAXUINT32 ? ckpt_encoder_write_number (self, CKPT_OP_BINUNICODE, length, 4, error)
                               : ckpt_encoder_write_number (self, CKPT_OP_BINUNICODE8, length, 8, error);
}

gboolean
ckpt_encoder_write_string (CkptEncoder *self, CkptNodeId node, GError **error)
{
  guint64 length = ckpt_nodes_get_length (self->nodes, node);
  gboolean is_fine;

  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_PYTHON2) == 0)
    is_fine = write_unicode_head (self, length, error);
  else if (length <= G_MAXUINT8)
    is_fine = ckpt_encoder_write_number (self, CKPT_OP_SHORT_BINSTRING, length, 1, error);
  else if (length <= G_MAXINT32)
    is_fine = ckpt_encoder_write_number (self, CKPT_OP_BINSTRING, length, 4, error);
  else
    is_fine = ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "pickle-text",
                              _ ("A text in this file is too long to be written."));
  return is_fine && ckpt_encoder_copy_text (self, node, error) && ckpt_encoder_put (self, node, error);
}

/* Writes bytes as a text of which each character has the number of one byte. */
static gboolean
write_latin1 (CkptEncoder *self, CkptNodeId node, guint64 length, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  g_autofree guint8 *text = g_malloc (2 * PIECE);
  guint64 n_high = 0;

  /* How long the text is must be known before it begins. */
  for (gboolean is_counted = FALSE;; is_counted = TRUE)
    {
      if (is_counted && !write_unicode_head (self, length + n_high, error))
        return FALSE;
      for (guint64 offset = 0; offset < length; offset += PIECE)
        {
          gsize n = MIN (PIECE, length - offset), n_text = 0;

          if (!ckpt_encoder_read_text (self, node, offset, piece, n, error))
            return FALSE;
          for (gsize i = 0; i < n; i++)
            {
              if (piece[i] >= 0x80)
                text[n_text++] = 0xc0 | piece[i] >> 6;
              text[n_text++] = piece[i] < 0x80 ? piece[i] : 0x80 | (piece[i] & 0x3f);
            }
          if (!is_counted)
            n_high += n_text - n;
          else if (!ckpt_encoder_write (self, text, n_text, error))
            return FALSE;
        }
      if (is_counted)
        return TRUE;
    }
}

/* A call of codecs.encode() that gives the bytes. */
static gboolean
write_encode (CkptEncoder *self, CkptNodeId node, guint64 length, GError **error)
{
  return ckpt_encoder_write_word (self, CKPT_ENCODER_ENCODE, error) &&
         write_latin1 (self, node, length, error) && ckpt_encoder_put_other (self, error) &&
         ckpt_encoder_write_word (self, CKPT_ENCODER_LATIN1, error) &&
         ckpt_encoder_write_opcode (self, CKPT_OP_TUPLE2, error) && ckpt_encoder_put_other (self, error) &&
         ckpt_encoder_write_opcode (self, CKPT_OP_REDUCE, error);
}

/* Bytes and bytearrays. */
gboolean
ckpt_encoder_write_bytes (CkptEncoder *self, CkptNodeId node, GError **error)
{
  gboolean is_array = ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_BYTEARRAY;
  guint64 length = ckpt_nodes_get_length (self->nodes, node);

  if ((is_array || length == 0) &&
      !ckpt_encoder_write_word (self, is_array ? CKPT_ENCODER_BYTEARRAY : CKPT_ENCODER_BYTES, error))
    return FALSE;
  if (length == 0)
    return ckpt_encoder_write (self, ")R", 2, error) && ckpt_encoder_put (self, node, error);
  if (!write_encode (self, node, length, error))
    return FALSE;
  if (is_array &&
      !(ckpt_encoder_put_other (self, error) && ckpt_encoder_write_opcode (self, CKPT_OP_TUPLE1, error) &&
        ckpt_encoder_put_other (self, error) && ckpt_encoder_write_opcode (self, CKPT_OP_REDUCE, error)))
    return FALSE;
  return ckpt_encoder_put (self, node, error);
}

static gboolean
write_plain_global (CkptEncoder *self,
                    const char *module,
                    const char *name,
                    gsize name_length,
                    GError **error)
{
  return ckpt_encoder_write_opcode (self, CKPT_OP_GLOBAL, error) &&
         ckpt_encoder_write (self, module, strlen (module), error) &&
         ckpt_encoder_write (self, "\n", 1, error) && ckpt_encoder_write (self, name, name_length, error) &&
         ckpt_encoder_write (self, "\n", 1, error);
}

/* A class within another: getattr (outer, name), for each dot of @name. */
static gboolean
write_nested (CkptEncoder *self, const char *module, const char *name, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", -1);
  guint n_parts = g_strv_length (parts);
  const char *outer = parts[0];

  for (guint i = 1; i < n_parts; i++)
    if (!ckpt_encoder_write_word (self, CKPT_ENCODER_GETATTR, error))
      return FALSE;
  ckpt_python2_spell (&module, &outer);
  if (!write_plain_global (self, module, outer, strlen (outer), error))
    return FALSE;
  for (guint i = 1; i < n_parts; i++)
    if (!ckpt_encoder_write_text (self, parts[i], strlen (parts[i]), error) ||
        !ckpt_encoder_write (self, "\x86R", 2, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_named (CkptEncoder *self, const char *text, gsize length, gboolean is_python3, GError **error)
{
  const char *newline = memchr (text, '\n', length);
  g_autofree char *module = g_strndup (text, newline - text);
  const char *new_module = module, *name = newline + 1;
  gsize name_length = length - (name - text);

  /* Names that no line can hold. */
  if (strlen (module) != (gsize) (newline - text) || memchr (name, '\n', name_length) != NULL ||
      memchr (name, '\0', name_length) != NULL)
    return ckpt_encoder_write_text (self, text, newline - text, error) &&
           ckpt_encoder_write_text (self, name, name_length, error) &&
           ckpt_encoder_write_opcode (self, CKPT_OP_STACK_GLOBAL, error);
  if (!is_python3)
    return write_plain_global (self, module, name, name_length, error);
  if (memchr (name, '.', name_length) != NULL)
    return write_nested (self, module, name, error);
  ckpt_python2_spell (&new_module, &name);
  return write_plain_global (self, new_module, name, strlen (name), error);
}

gboolean
ckpt_encoder_write_global (CkptEncoder *self, CkptNodeId node, GError **error)
{
  CkptNodeFlags flags = ckpt_nodes_get_flags (self->nodes, node);
  gsize length;
  const char *text = ckpt_nodes_get_text (self->nodes, node, &length);

  if ((flags & CKPT_NODE_CUT) != 0)
    return ckpt_error_set (error, CKPT_ERROR_UNSUPPORTED, "name-cut",
                           _ ("The name of a class in this file is too long to be written."));
  return write_named (self, text, length, (flags & CKPT_NODE_PYTHON3) != 0, error) &&
         ckpt_encoder_put (self, node, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-encoder-private.h"

#include <string.h>

#define BUFFER_SIZE ((gsize) 64 << 10)

/**
 * Word:
 * @bytes: opcode and argument
 */
typedef struct
{
  const char *bytes;
  gsize length;
} Word;

#define WORD(literal) { (literal), sizeof (literal) - 1 }

/* As CPython writes what protocol 2 has no opcode for (Modules/_pickle.c: save_bytes(), save_bytearray(), save_set(), save_frozenset(),
 * save_global() and save_reduce()). */
static const Word words[CKPT_ENCODER_N_WORDS] = {
  [CKPT_ENCODER_ENCODE] = WORD ("c_codecs\nencode\n"),
  [CKPT_ENCODER_LATIN1] = WORD ("X\6\0\0\0latin1"),
  [CKPT_ENCODER_BYTES] = WORD ("c__builtin__\nbytes\n"),
  [CKPT_ENCODER_BYTEARRAY] = WORD ("c__builtin__\nbytearray\n"),
  [CKPT_ENCODER_SET_CLASS] = WORD ("c__builtin__\nset\n"),
  [CKPT_ENCODER_FROZENSET_CLASS] = WORD ("c__builtin__\nfrozenset\n"),
  [CKPT_ENCODER_GETATTR] = WORD ("c__builtin__\ngetattr\n"),
  [CKPT_ENCODER_PARTIAL] = WORD ("cfunctools\npartial\n"),
  [CKPT_ENCODER_NEW] = WORD ("X\7\0\0\0__new__"),
};

gboolean
ckpt_encoder_flush (CkptEncoder *self, GError **error)
{
  gsize n = self->n_buffered;

  self->n_buffered = 0;
  return n == 0 || self->sink->write (self->sink->data, self->buffer, n, error);
}

gboolean
ckpt_encoder_write (CkptEncoder *self, const void *bytes, gsize length, GError **error)
{
  if (self->buffer == NULL)
    self->buffer = g_malloc (BUFFER_SIZE);
  if (length > BUFFER_SIZE - self->n_buffered && !ckpt_encoder_flush (self, error))
    return FALSE;
  if (length > BUFFER_SIZE)
    return self->sink->write (self->sink->data, bytes, length, error);
  memcpy (self->buffer + self->n_buffered, bytes, length);
  self->n_buffered += length;
  return TRUE;
}

gboolean
ckpt_encoder_write_opcode (CkptEncoder *self, guint8 opcode, GError **error)
{
  return ckpt_encoder_write (self, &opcode, 1, error);
}

gboolean
ckpt_encoder_write_tuple_opcode (CkptEncoder *self, guint64 n, GError **error)
{
  return ckpt_encoder_write_opcode (self, n <= 3 ? CKPT_OP_TUPLE1 + n - 1 : CKPT_OP_TUPLE, error);
}

gboolean
ckpt_encoder_write_number (CkptEncoder *self, guint8 opcode, guint64 number, guint size, GError **error)
{
  guint8 bytes[1 + sizeof number];
  guint64 little = GUINT64_TO_LE (number);

  bytes[0] = opcode;
  memcpy (bytes + 1, &little, sizeof little);
  return ckpt_encoder_write (self, bytes, 1 + size, error);
}

gboolean
ckpt_encoder_write_text (CkptEncoder *self, const char *text, gsize length, GError **error)
{
  return ckpt_encoder_write_number (self, CKPT_OP_BINUNICODE, length, 4, error) &&
         ckpt_encoder_write (self, text, length, error);
}

gboolean
ckpt_encoder_put_other (CkptEncoder *self, GError **error)
{
  guint32 number = self->n_memo++;

  return number <= G_MAXUINT8 ? ckpt_encoder_write_number (self, CKPT_OP_BINPUT, number, 1, error)
                              : ckpt_encoder_write_number (self, CKPT_OP_LONG_BINPUT, number, 4, error);
}

gboolean
ckpt_encoder_get (CkptEncoder *self, guint32 number, GError **error)
{
  number--;
  return number <= G_MAXUINT8 ? ckpt_encoder_write_number (self, CKPT_OP_BINGET, number, 1, error)
                              : ckpt_encoder_write_number (self, CKPT_OP_LONG_BINGET, number, 4, error);
}

gboolean
ckpt_encoder_is_put (CkptEncoder *self, CkptNodeId node)
{
  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_PUT) != 0)
    return TRUE;
  /* Each use of a persistent id is written whole, as torch.save() does. */
  return ckpt_encoder_has_bit (self, self->twice, node) &&
         ckpt_nodes_get_kind (self->nodes, node) != CKPT_KIND_PERSISTENT_ID;
}

gboolean
ckpt_encoder_put (CkptEncoder *self, CkptNodeId node, GError **error)
{
  if (!ckpt_encoder_is_put (self, node))
    return TRUE;
  if (*ckpt_encoder_memo (self, node) == 0)
    self->n_stale = 0;
  *ckpt_encoder_memo (self, node) = self->n_memo + 1;
  return ckpt_encoder_put_other (self, error);
}

gboolean
ckpt_encoder_write_word (CkptEncoder *self, CkptEncoderWord word, GError **error)
{
  if (self->words[word] != 0)
    return ckpt_encoder_get (self, self->words[word], error);
  self->words[word] = self->n_memo + 1;
  return ckpt_encoder_write (self, words[word].bytes, words[word].length, error) &&
         ckpt_encoder_put_other (self, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>

#include "model/ckpt-text.h"

#define MAX_PROTOCOL 5

gboolean
ckpt_decode_proto (CkptDecoder *self, GError **error)
{
  guint8 protocol = self->in.bytes[0];

  if (protocol > MAX_PROTOCOL)
    return ckpt_decoder_fail (
        self, error, CKPT_ERROR_UNSUPPORTED, "pickle-protocol", self->in.position + 1,
        _ ("The list of values is written in version %u of its format; only 0 to %u are known."), protocol,
        MAX_PROTOCOL);
  if (self->in.position != self->start)
    ckpt_decoder_locate (
        self,
        ckpt_warnings_add (self->warnings, "proto-not-first", CKPT_DECODER_HERE (self),
                           _ ("The version of the format stands in the middle of the list of values.")),
        CKPT_NO_NODE);
  self->protocol = MAX (self->protocol, protocol);
  return TRUE;
}

/* Python's C code reads on across the end of a frame where its Python code does not, so a frame must hold whole opcodes. */
gboolean
ckpt_decode_frame (CkptDecoder *self, GError **error)
{
  guint64 length = ckpt_instruction_number (self->in.bytes, self->in.length);
  guint64 end = ckpt_reader_get_position (self->reader);

  if (length > ckpt_reader_get_remaining (self->reader))
    {
      g_autofree char *position = ckpt_text_count (self->in.position);
      g_autofree char *needed = ckpt_text_count (length);
      g_autofree char *remaining = ckpt_text_count (ckpt_reader_get_remaining (self->reader));

      return ckpt_decoder_fail (
          self, error, CKPT_ERROR_TRUNCATED, "pickle-frame", self->in.position,
          _ ("The list of values is cut: a part at byte %s needs %s bytes, but only %s remain."), position,
          needed, remaining);
    }
  if (self->in.position < self->frame_end)
    ckpt_decoder_locate (
        self,
        ckpt_warnings_add (self->warnings, "frame-in-frame", CKPT_DECODER_HERE (self),
                           _ ("A part of the list of values begins before the last one has ended.")),
        CKPT_NO_NODE);
  if (length == 0)
    ckpt_decoder_locate (self,
                         ckpt_warnings_add (self->warnings, "frame-empty", CKPT_DECODER_HERE (self),
                                            _ ("A part of the list of values is empty.")),
                         CKPT_NO_NODE);
  self->frame_end = end + length;
  return TRUE;
}

gboolean
ckpt_decode_mark (CkptDecoder *self, GError **error)
{
  return ckpt_stack_push_mark (&self->stack, self->in.position, error);
}

gboolean
ckpt_decode_stop (CkptDecoder *self, GError **error)
{
  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  self->is_stopped = TRUE;
  return TRUE;
}

/* POP right after MARK takes the mark. */
gboolean
ckpt_decode_pop (CkptDecoder *self, GError **error)
{
  if (self->stack.n_marks > 0 && ckpt_stack_get_n (&self->stack) == 0)
    {
      ckpt_stack_pop_mark (&self->stack);
      return TRUE;
    }
  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  self->stack.n_values--;
  return TRUE;
}

gboolean
ckpt_decode_pop_mark (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_values = 0;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error))
    return FALSE;
  self->stack.n_values = first;
  return TRUE;
}

gboolean
ckpt_decode_dup (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_need (self, 1, error) &&
         ckpt_decoder_push (self, ckpt_stack_peek (&self->stack, 0), error);
}

gboolean
ckpt_decode_none (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_push (self, ckpt_nodes_add_none (self->nodes, error), error);
}

gboolean
ckpt_decode_bool (CkptDecoder *self, GError **error)
{
  gboolean value = self->in.opcode == CKPT_OP_NEWTRUE;

  return ckpt_decoder_push (self, ckpt_nodes_add_bool (self->nodes, value, error), error);
}

gboolean
ckpt_decode_next_buffer (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_fail (self, error, CKPT_ERROR_UNSUPPORTED, "pickle-buffer", self->in.position,
                            _ ("A part of the values was kept outside of this file, and cannot be read."));
}

/* A view of a buffer: shown as the buffer. */
gboolean
ckpt_decode_readonly_buffer (CkptDecoder *self, GError **error)
{
  CkptNodeId top;

  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  top = ckpt_stack_peek (&self->stack, 0);
  switch (ckpt_nodes_get_kind (self->nodes, top))
    {
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_PERSISTENT_ID:
      return TRUE;
    default:
      ckpt_decoder_locate (self,
                           ckpt_warnings_add (self->warnings, "odd-target", CKPT_DECODER_HERE (self),
                                              _ ("A value that is no buffer is made read-only.")),
                           top);
      return TRUE;
    }
}

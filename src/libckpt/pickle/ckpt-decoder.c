/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-decoder-private.h"

#include <glib/gi18n-lib.h>

#include "io/ckpt-alloc.h"
#include "model/ckpt-text.h"

#define OPCODES_PER_LOOK (1u << 16)
#define MAX_PROTOCOL     5

gboolean
ckpt_decoder_fail (CkptDecoder *self,
                   GError **error,
                   CkptError error_code,
                   const char *code,
                   guint64 offset,
                   const char *format,
                   ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  return ckpt_pickle_error_set (error, self->reader, error_code, code, offset, self->in.info->name, "%s",
                                message);
}

gboolean
ckpt_decoder_need (CkptDecoder *self, guint32 n_values, GError **error)
{
  g_autofree char *position = NULL;

  if (G_LIKELY (ckpt_stack_get_n (&self->stack) >= n_values))
    return TRUE;
  position = ckpt_text_count (self->in.position);
  return ckpt_decoder_fail (
      self, error, CKPT_ERROR_MALFORMED, "pickle-stack", self->in.position,
      _ ("The list of values is damaged: %s at byte %s needs %u of the values before it, but "
         "there are only %u."),
      self->in.info->name, position, n_values, ckpt_stack_get_n (&self->stack));
}

gboolean
ckpt_decoder_pop_mark (CkptDecoder *self, guint32 *first, guint32 *n_values, GError **error)
{
  g_autofree char *position = NULL;

  if (G_UNLIKELY (self->stack.n_marks == 0))
    {
      position = ckpt_text_count (self->in.position);
      return ckpt_decoder_fail (
          self, error, CKPT_ERROR_MALFORMED, "pickle-mark", self->in.position,
          _ ("The list of values is damaged: %s at byte %s ends a group that was never begun."),
          self->in.info->name, position);
    }
  *first = ckpt_stack_pop_mark (&self->stack);
  *n_values = self->stack.n_values - *first;
  return TRUE;
}

gboolean
ckpt_decoder_push (CkptDecoder *self, CkptNodeId value, GError **error)
{
  return value != CKPT_NO_NODE && ckpt_stack_push (&self->stack, self->nodes, value, error);
}

void
ckpt_decoder_locate (CkptDecoder *self, CkptWarning *warning, CkptNodeId node)
{
  if (warning == NULL)
    return;
  warning->node = node;
  warning->place.file_offset = ckpt_reader_get_file_offset (self->reader, warning->place.offset);
  warning->place.element = g_strdup (self->in.info->name);
}

char *
ckpt_decoder_scratch (CkptDecoder *self, gsize size, GError **error)
{
  if (size > self->scratch_size || self->scratch == NULL)
    {
      char *scratch = ckpt_try_realloc (self->scratch, size, error);

      if (scratch == NULL)
        return NULL;
      self->scratch = scratch;
      self->scratch_size = size;
    }
  return self->scratch;
}

static gboolean
decode_proto (CkptDecoder *self, GError **error)
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
static gboolean
decode_frame (CkptDecoder *self, GError **error)
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

static gboolean
decode_mark (CkptDecoder *self, GError **error)
{
  return ckpt_stack_push_mark (&self->stack, self->in.position, error);
}

static gboolean
decode_stop (CkptDecoder *self, GError **error)
{
  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  self->is_stopped = TRUE;
  return TRUE;
}

/* POP right after MARK takes the mark. */
static gboolean
decode_pop (CkptDecoder *self, GError **error)
{
  if (self->stack.n_marks > 0 && ckpt_stack_get_n (&self->stack) == 0)
    {
      ckpt_stack_pop_mark (&self->stack);
      return TRUE;
    }
  if (!ckpt_decoder_need (self, 1, error))
    return FALSE;
  self->stack.n_values--;
  ckpt_decoder_note_pop (self, self->stack.values[self->stack.n_values]);
  return TRUE;
}

static gboolean
decode_pop_mark (CkptDecoder *self, GError **error)
{
  guint32 first = 0, n_values = 0;

  if (!ckpt_decoder_pop_mark (self, &first, &n_values, error))
    return FALSE;
  self->stack.n_values = first;
  return TRUE;
}

static gboolean
decode_dup (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_need (self, 1, error) &&
         ckpt_decoder_push (self, ckpt_stack_peek (&self->stack, 0), error);
}

static gboolean
decode_none (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_push (self, ckpt_nodes_add_none (self->nodes, error), error);
}

static gboolean
decode_bool (CkptDecoder *self, GError **error)
{
  gboolean value = self->in.opcode == CKPT_OP_NEWTRUE;

  return ckpt_decoder_push (self, ckpt_nodes_add_bool (self->nodes, value, error), error);
}

static gboolean
decode_next_buffer (CkptDecoder *self, GError **error)
{
  return ckpt_decoder_fail (self, error, CKPT_ERROR_UNSUPPORTED, "pickle-buffer", self->in.position,
                            _ ("A part of the values was kept outside of this file, and cannot be read."));
}

/* A view of a buffer: shown as the buffer. */
static gboolean
decode_readonly_buffer (CkptDecoder *self, GError **error)
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

static const CkptDecoderFunc opcode_funcs[256] = {
  [CKPT_OP_MARK] = decode_mark,
  [CKPT_OP_STOP] = decode_stop,
  [CKPT_OP_POP] = decode_pop,
  [CKPT_OP_POP_MARK] = decode_pop_mark,
  [CKPT_OP_DUP] = decode_dup,
  [CKPT_OP_FLOAT] = ckpt_decode_float,
  [CKPT_OP_INT] = ckpt_decode_int,
  [CKPT_OP_BININT] = ckpt_decode_binint,
  [CKPT_OP_BININT1] = ckpt_decode_binint,
  [CKPT_OP_LONG] = ckpt_decode_long,
  [CKPT_OP_BININT2] = ckpt_decode_binint,
  [CKPT_OP_NONE] = decode_none,
  [CKPT_OP_PERSID] = ckpt_decode_persid,
  [CKPT_OP_BINPERSID] = ckpt_decode_binpersid,
  [CKPT_OP_REDUCE] = ckpt_decode_call,
  [CKPT_OP_STRING] = ckpt_decode_string,
  [CKPT_OP_BINSTRING] = ckpt_decode_binstring,
  [CKPT_OP_SHORT_BINSTRING] = ckpt_decode_binstring,
  [CKPT_OP_UNICODE] = ckpt_decode_unicode,
  [CKPT_OP_BINUNICODE] = ckpt_decode_binunicode,
  [CKPT_OP_APPEND] = ckpt_decode_append,
  [CKPT_OP_BUILD] = ckpt_decode_build,
  [CKPT_OP_GLOBAL] = ckpt_decode_global,
  [CKPT_OP_DICT] = ckpt_decode_dict,
  [CKPT_OP_EMPTY_DICT] = ckpt_decode_empty,
  [CKPT_OP_APPENDS] = ckpt_decode_appends,
  [CKPT_OP_GET] = ckpt_decode_get,
  [CKPT_OP_BINGET] = ckpt_decode_binget,
  [CKPT_OP_INST] = ckpt_decode_inst,
  [CKPT_OP_LONG_BINGET] = ckpt_decode_binget,
  [CKPT_OP_LIST] = ckpt_decode_collect,
  [CKPT_OP_EMPTY_LIST] = ckpt_decode_empty,
  [CKPT_OP_OBJ] = ckpt_decode_obj,
  [CKPT_OP_PUT] = ckpt_decode_put,
  [CKPT_OP_BINPUT] = ckpt_decode_binput,
  [CKPT_OP_LONG_BINPUT] = ckpt_decode_binput,
  [CKPT_OP_SETITEM] = ckpt_decode_setitem,
  [CKPT_OP_TUPLE] = ckpt_decode_collect,
  [CKPT_OP_EMPTY_TUPLE] = ckpt_decode_empty,
  [CKPT_OP_SETITEMS] = ckpt_decode_setitems,
  [CKPT_OP_BINFLOAT] = ckpt_decode_binfloat,
  [CKPT_OP_PROTO] = decode_proto,
  [CKPT_OP_NEWOBJ] = ckpt_decode_call,
  [CKPT_OP_EXT1] = ckpt_decode_ext,
  [CKPT_OP_EXT2] = ckpt_decode_ext,
  [CKPT_OP_EXT4] = ckpt_decode_ext,
  [CKPT_OP_TUPLE1] = ckpt_decode_tuple123,
  [CKPT_OP_TUPLE2] = ckpt_decode_tuple123,
  [CKPT_OP_TUPLE3] = ckpt_decode_tuple123,
  [CKPT_OP_NEWTRUE] = decode_bool,
  [CKPT_OP_NEWFALSE] = decode_bool,
  [CKPT_OP_LONG1] = ckpt_decode_binlong,
  [CKPT_OP_LONG4] = ckpt_decode_binlong,
  [CKPT_OP_BINBYTES] = ckpt_decode_binbytes,
  [CKPT_OP_SHORT_BINBYTES] = ckpt_decode_binbytes,
  [CKPT_OP_SHORT_BINUNICODE] = ckpt_decode_binunicode,
  [CKPT_OP_BINUNICODE8] = ckpt_decode_binunicode,
  [CKPT_OP_BINBYTES8] = ckpt_decode_binbytes,
  [CKPT_OP_EMPTY_SET] = ckpt_decode_empty,
  [CKPT_OP_ADDITEMS] = ckpt_decode_appends,
  [CKPT_OP_FROZENSET] = ckpt_decode_collect,
  [CKPT_OP_NEWOBJ_EX] = ckpt_decode_newobj_ex,
  [CKPT_OP_STACK_GLOBAL] = ckpt_decode_stack_global,
  [CKPT_OP_MEMOIZE] = ckpt_decode_memoize,
  [CKPT_OP_FRAME] = decode_frame,
  [CKPT_OP_BYTEARRAY8] = ckpt_decode_binbytes,
  [CKPT_OP_NEXT_BUFFER] = decode_next_buffer,
  [CKPT_OP_READONLY_BUFFER] = decode_readonly_buffer,
};

/* Called between two opcodes: the one before must not reach over the end of its frame. */
static gboolean
check_frame (CkptDecoder *self, GError **error)
{
  g_autofree char *position = NULL;

  if (G_LIKELY (self->in.position >= self->frame_end ||
                ckpt_reader_get_position (self->reader) <= self->frame_end))
    return TRUE;
  position = ckpt_text_count (self->in.position);
  return ckpt_decoder_fail (
      self, error, CKPT_ERROR_MALFORMED, "pickle-frame", self->in.position,
      _ ("The list of values is damaged: %s at byte %s crosses the end of its part, so that "
         "programs read different values."),
      self->in.info->name, position);
}

static gboolean
decode_one (CkptDecoder *self, GError **error)
{
  if (!ckpt_instruction_read (&self->in, self->reader, error))
    return FALSE;
  if (G_UNLIKELY (!opcode_funcs[self->in.opcode](self, error)))
    return FALSE;
  return self->frame_end == 0 || check_frame (self, error);
}

static gboolean
decode_all (CkptDecoder *self,
            CkptProgressFunc progress,
            gpointer progress_data,
            GCancellable *cancellable,
            guint64 *n_opcodes,
            GError **error)
{
  guint64 total = ckpt_reader_get_remaining (self->reader);

  for (*n_opcodes = 0; !self->is_stopped; (*n_opcodes)++)
    {
      if (*n_opcodes % OPCODES_PER_LOOK == 0)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          if (progress != NULL)
            progress (ckpt_reader_get_position (self->reader) - self->start, total, progress_data);
        }
      if (!decode_one (self, error))
        return FALSE;
    }
  return TRUE;
}

/* Warns of what STOP leaves behind. */
static void
warn_of_rest (CkptDecoder *self, guint32 n_unused)
{
  g_autofree char *count = ckpt_text_count (n_unused);

  if (n_unused > 0)
    ckpt_decoder_locate (self,
                         ckpt_warnings_add (self->warnings, "unused-values", CKPT_DECODER_HERE (self),
                                            _ ("The list of values ends with %s of them unused."), count),
                         CKPT_NO_NODE);
  if (self->stack.n_marks > 0)
    {
      self->in.position = self->stack.marks[self->stack.n_marks - 1].position;
      self->in.info = ckpt_opcode_get_info (CKPT_OP_MARK);
      ckpt_decoder_locate (self,
                           ckpt_warnings_add (self->warnings, "unclosed-mark", CKPT_DECODER_HERE (self),
                                              _ ("A group of values is begun but never ended.")),
                           CKPT_NO_NODE);
    }
}

static void
decoder_init (CkptDecoder *self, CkptReader *reader, CkptNodes *nodes, CkptWarnings *warnings)
{
  *self = (CkptDecoder) { .reader = reader, .nodes = nodes, .warnings = warnings, .popped = CKPT_NO_NODE };
  self->start = ckpt_reader_get_position (reader);
  self->memo = ckpt_memo_new (nodes);
}

static void
decoder_clear (CkptDecoder *self)
{
  ckpt_memo_free (self->memo);
  ckpt_stack_clear (&self->stack, self->nodes);
  ckpt_instruction_clear (&self->in);
  g_free (self->scratch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptDecoder, decoder_clear)

/**
 * ckpt_decode_pickle:
 * @reader: a cursor that stands at the beginning of the pickle, and is left after its STOP
 * @nodes: where to add the values
 * @warnings: where to add warnings
 * @progress: (nullable) (scope call): told now and then how far it is
 * @progress_data: passed to @progress
 * @cancellable: (nullable): to give up
 * @info: (out): what was found
 * @error: return location
 *
 * Reads a pickle of protocols 0 to 5 as Python's Modules/_pickle.c does, but calls nothing and imports nothing: what Python
 * would call becomes an object node. It takes time and memory in proportion to the bytes of the pickle, whatever they are.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED, %CKPT_ERROR_MALFORMED, %CKPT_ERROR_UNSUPPORTED or %CKPT_ERROR_LIMIT, each with
 *   its place; with %G_IO_ERROR_CANCELLED; or with an error of reading the file
 */
gboolean
ckpt_decode_pickle (CkptReader *reader,
                    CkptNodes *nodes,
                    CkptWarnings *warnings,
                    CkptProgressFunc progress,
                    gpointer progress_data,
                    GCancellable *cancellable,
                    CkptPickleInfo *info,
                    GError **error)
{
  g_auto (CkptDecoder) self = { 0 };
  CkptNodeId first = ckpt_nodes_get_n (nodes);
  g_autoptr (GError) local = NULL;
  guint64 n_opcodes;
  guint32 n_unused;

  decoder_init (&self, reader, nodes, warnings);
  if (!decode_all (&self, progress, progress_data, cancellable, &n_opcodes, &local) ||
      !ckpt_decoder_check_depth (&self, first, &n_unused, &local))
    {
      ckpt_pickle_error_place (local, reader, self.in.position,
                               self.in.info != NULL ? self.in.info->name : NULL);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  warn_of_rest (&self, n_unused);
  info->root = ckpt_stack_peek (&self.stack, 0);
  info->protocol = self.protocol;
  info->n_opcodes = n_opcodes;
  info->end = ckpt_reader_get_position (reader);
  return TRUE;
}

/**
 * ckpt_scan_pickle:
 * @reader: a cursor that stands at the beginning of a pickle, and is left after its STOP
 * @func: (scope call): told of each opcode
 * @user_data: passed to @func
 * @error: return location
 *
 * Walks the opcodes of a pickle, STOP included, without building anything and without a look at what they do.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED, %CKPT_ERROR_MALFORMED or %CKPT_ERROR_LIMIT, each with its place, or with an error
 *   of reading the file; @func was told of what stands before
 */
gboolean
ckpt_scan_pickle (CkptReader *reader, CkptOpcodeFunc func, gpointer user_data, GError **error)
{
  g_auto (CkptInstruction) in = { 0 };

  do
    {
      if (!ckpt_instruction_read (&in, reader, error))
        return FALSE;
      func (in.position, in.opcode, user_data);
      if (!ckpt_reader_skip (reader, in.count, error))
        return FALSE;
    }
  while (in.opcode != CKPT_OP_STOP);
  return TRUE;
}

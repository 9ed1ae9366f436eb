/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-instruction.h"
#include "pickle/ckpt-memo.h"
#include "pickle/ckpt-stack.h"

G_BEGIN_DECLS

/**
 * CkptDecoder:
 * @in: the opcode that is at work
 * @frame_end: byte of the record where the last FRAME ends
 * @popped: the call that POP dropped last, or %CKPT_NO_NODE
 * @pop_position: byte of the record where that POP stands
 * @scratch: memory for text while it is decoded
 *
 * The machine that reads one pickle. Opcodes build nodes and call nothing.
 */
typedef struct
{
  CkptReader *reader;
  CkptNodes *nodes;
  CkptWarnings *warnings;
  CkptInstruction in;
  CkptStack stack;
  CkptMemo *memo;
  guint64 start;
  guint64 frame_end;
  guint8 protocol;
  gboolean is_stopped;
  CkptNodeId popped;
  guint64 pop_position;
  char *scratch;
  gsize scratch_size;
} CkptDecoder;

/* What an opcode does. FALSE with an error, which gets the opcode's place if it has none. */
typedef gboolean (*CkptDecoderFunc) (CkptDecoder *self,
                                     GError     **error);

/* For opcodes. */
gboolean     ckpt_decoder_fail     (CkptDecoder *self,
                                    GError     **error,
                                    CkptError    error_code,
                                    const char  *code,
                                    guint64      offset,
                                    const char  *format,
                                    ...) G_GNUC_PRINTF (6, 7);
/* TRUE if there are @n_values above the last mark. */
gboolean     ckpt_decoder_need     (CkptDecoder *self,
                                    guint32      n_values,
                                    GError     **error);
/* Takes the last mark and says which values are above it; they stay. FALSE if there is no mark. */
gboolean     ckpt_decoder_pop_mark (CkptDecoder *self,
                                    guint32     *first,
                                    guint32     *n_values,
                                    GError     **error);
/* FALSE if @value is CKPT_NO_NODE: its maker has set the error. */
gboolean     ckpt_decoder_push     (CkptDecoder *self,
                                    CkptNodeId   value,
                                    GError     **error);
/* Says more of a warning, that may be NULL: what it is about and where that is in the file. */
void         ckpt_decoder_locate   (CkptDecoder *self,
                                    CkptWarning *warning,
                                    CkptNodeId   node);
/* Record and offset, for ckpt_warnings_add(). */
#define CKPT_DECODER_HERE(self) ckpt_reader_get_record ((self)->reader), (self)->in.position
/* At least @size bytes. */
char        *ckpt_decoder_scratch  (CkptDecoder *self,
                                    gsize        size,
                                    GError     **error);

/* The opcodes, by what they are about. */
gboolean ckpt_decode_int             (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binint          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_long            (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binlong         (CkptDecoder *self, GError **error);
gboolean ckpt_decode_float           (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binfloat        (CkptDecoder *self, GError **error);
gboolean ckpt_decode_get             (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binget          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_put             (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binput          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_memoize         (CkptDecoder *self, GError **error);

gboolean ckpt_decode_string          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_unicode         (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binstring       (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binunicode      (CkptDecoder *self, GError **error);
gboolean ckpt_decode_binbytes        (CkptDecoder *self, GError **error);
gboolean ckpt_decode_persid          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_global          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_stack_global    (CkptDecoder *self, GError **error);
/* The global that the two lines of the instruction name. */
CkptNodeId ckpt_decoder_add_global   (CkptDecoder *self, GError **error);

gboolean ckpt_decode_empty           (CkptDecoder *self, GError **error);
gboolean ckpt_decode_collect         (CkptDecoder *self, GError **error);
gboolean ckpt_decode_dict            (CkptDecoder *self, GError **error);
gboolean ckpt_decode_tuple123        (CkptDecoder *self, GError **error);
gboolean ckpt_decode_append          (CkptDecoder *self, GError **error);
gboolean ckpt_decode_appends         (CkptDecoder *self, GError **error);
gboolean ckpt_decode_setitem         (CkptDecoder *self, GError **error);
gboolean ckpt_decode_setitems        (CkptDecoder *self, GError **error);

gboolean ckpt_decode_binpersid       (CkptDecoder *self, GError **error);
gboolean ckpt_decode_ext             (CkptDecoder *self, GError **error);
gboolean ckpt_decode_call            (CkptDecoder *self, GError **error);
gboolean ckpt_decode_newobj_ex       (CkptDecoder *self, GError **error);
gboolean ckpt_decode_inst            (CkptDecoder *self, GError **error);
gboolean ckpt_decode_obj             (CkptDecoder *self, GError **error);
gboolean ckpt_decode_build           (CkptDecoder *self, GError **error);
/* Notes that POP dropped a call, which Python's pickler does for two reasons, and that the next opcode gets @node. */
void     ckpt_decoder_note_pop       (CkptDecoder *self, CkptNodeId call);
void     ckpt_decoder_note_get       (CkptDecoder *self, CkptNodeId node);
CkptNodeId ckpt_decoder_add_object   (CkptDecoder *self, CkptNodeId callable, CkptNodeId args, CkptNodeId kwargs, GError **error);

/* After STOP: whether the result is nested no deeper than is allowed, and how many values it leaves out of those that are
 * still on the stack. The values of this pickle are those from @first on. */
gboolean ckpt_decoder_check_depth    (CkptDecoder *self, CkptNodeId first, guint32 *n_unused, GError **error);

G_END_DECLS

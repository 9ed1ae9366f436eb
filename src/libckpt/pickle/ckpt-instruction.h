/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-reader.h"
#include "pickle/ckpt-opcodes.h"

G_BEGIN_DECLS

/**
 * CkptInstruction:
 * @position: byte of the record where the opcode stands
 * @opcode: the opcode
 * @info: what is known of the opcode
 * @bytes: its argument, if that is a number of fixed size or a line; the second line if it is two
 * @length: bytes at @bytes
 * @count: for an argument with a count: bytes that follow and are not taken yet; no more than remain
 * @first: (nullable): the first of two lines, as much as is kept of a name
 * @first_length: bytes at @first
 * @is_first_cut: whether that line was longer
 *
 * An opcode and its argument. All zero at first, filled anew by each ckpt_instruction_read(), and cleared at the end.
 */
typedef struct
{
  guint64 position;
  const CkptOpcodeInfo *info;
  guint8 opcode;
  const guint8 *bytes;
  gsize length;
  guint64 count;
  guint8 *first;
  gsize first_length;
  gboolean is_first_cut;
} CkptInstruction;

gboolean ckpt_instruction_read     (CkptInstruction *self,
                                    CkptReader      *reader,
                                    GError         **error);
void     ckpt_instruction_clear    (CkptInstruction *self);
/* Unsigned little-endian number of 1, 2, 4 or 8 bytes. */
guint64  ckpt_instruction_number   (const guint8    *bytes,
                                    gsize            length);

/* Sets @error with a place within the record of @reader; @element is the opcode's name. */
gboolean ckpt_pickle_error_set     (GError         **error,
                                    CkptReader      *reader,
                                    CkptError        error_code,
                                    const char      *code,
                                    guint64          offset,
                                    const char      *element,
                                    const char      *format,
                                    ...) G_GNUC_PRINTF (7, 8);
/* Gives an error that says nothing about where it is the place of an opcode. */
void     ckpt_pickle_error_place   (GError          *error,
                                    CkptReader      *reader,
                                    guint64          offset,
                                    const char      *element);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptInstruction, ckpt_instruction_clear)

G_END_DECLS

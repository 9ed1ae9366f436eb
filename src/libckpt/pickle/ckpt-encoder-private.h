/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pickle/ckpt-encoder.h"
#include "pickle/ckpt-opcodes.h"

G_BEGIN_DECLS

/* What is on the way to being written. */
typedef enum
{
  CKPT_ENCODER_ITEMS,     /* the items of a list, dict or set */
  CKPT_ENCODER_TUPLE,     /* a tuple */
  CKPT_ENCODER_SET,       /* a set or frozenset, which protocol 2 has no opcode for */
  CKPT_ENCODER_OBJECT,    /* an object */
  CKPT_ENCODER_ARGUMENTS, /* of an object: its callable and its arguments, one after another */
  CKPT_ENCODER_ID,        /* a persistent id */
  CKPT_ENCODER_N_FORMS,
} CkptEncoderForm;

/**
 * CkptEncoderFrame:
 * @node: the value
 * @next: its child or part that comes next
 * @form: what of it is written
 * @is_iterated: of items: in the batches that Python's pickler makes of an iterator
 * @is_single: of items: the batch that is open has one item only
 * @is_anew: it is written whatever the memo says
 * @is_copied: of a tuple: the arguments of a class that copies what the containers among them hold
 * @is_outermost: of items: their list or dict is not written within itself here
 * @is_stale: of items: their list or dict is written within itself here, or again after it
 */
typedef struct
{
  CkptNodeId node;
  guint32 next;
  guint8 form;
  guint is_iterated : 1;
  guint is_single : 1;
  guint is_anew : 1;
  guint is_copied : 1;
  guint is_outermost : 1;
  guint is_stale : 1;
} CkptEncoderFrame;

/* What is written for values that protocol 2 can only say by a call. */
typedef enum
{
  CKPT_ENCODER_ENCODE,
  CKPT_ENCODER_LATIN1,
  CKPT_ENCODER_BYTES,
  CKPT_ENCODER_BYTEARRAY,
  CKPT_ENCODER_SET_CLASS,
  CKPT_ENCODER_FROZENSET_CLASS,
  CKPT_ENCODER_GETATTR,
  CKPT_ENCODER_PARTIAL,
  CKPT_ENCODER_NEW,
  CKPT_ENCODER_N_WORDS,
} CkptEncoderWord;

/**
 * CkptEncoder:
 * @buffer: bytes that the sink has not got yet
 * @memo: of each value the number in the memo, plus 1; 0 if it is not there
 * @words: the same for each #CkptEncoderWord
 * @n_memo: numbers given so far
 * @twice: a bit a value: whether it is reached by more than one way
 * @open: a bit a value: whether it is a list or dict that is being written
 * @n_stale: lists and dicts that are being written within themselves, since the last value entered the memo for the first time
 */
typedef struct
{
  const CkptNodes *nodes;
  CkptArchive *archive;
  const CkptSink *sink;
  guint8 *buffer;
  gsize n_buffered;
  guint32 *memo;
  guint32 words[CKPT_ENCODER_N_WORDS];
  guint32 n_memo;
  guint8 *twice;
  guint8 *open;
  guint n_stale;
  CkptEncoderFrame *frames;
  guint32 n_frames;
  guint32 n_frames_allocated;
} CkptEncoder;

/* What is noted of a node is noted of the value whose content it has, as edits can make one value of two. */
static inline guint32 *
ckpt_encoder_memo (CkptEncoder *self,
                   CkptNodeId   node)
{
  return &self->memo[ckpt_nodes_get_content (self->nodes, node)];
}

static inline gboolean
ckpt_encoder_has_bit (CkptEncoder  *self,
                      const guint8 *bits,
                      CkptNodeId    node)
{
  node = ckpt_nodes_get_content (self->nodes, node);
  return (bits[node / 8] >> (node % 8)) & 1;
}

static inline void
ckpt_encoder_set_bit (CkptEncoder *self,
                      guint8      *bits,
                      CkptNodeId   node,
                      gboolean     value)
{
  node = ckpt_nodes_get_content (self->nodes, node);
  bits[node / 8] = (bits[node / 8] & ~(1u << (node % 8))) | (value ? 1u << (node % 8) : 0);
}

/* Finds out what is reached twice. */
gboolean   ckpt_encoder_scan           (CkptEncoder    *self,
                                        CkptNodeId      root,
                                        GError        **error);

/* Bytes. */
gboolean   ckpt_encoder_flush          (CkptEncoder    *self,
                                        GError        **error);
gboolean   ckpt_encoder_write          (CkptEncoder    *self,
                                        const void     *bytes,
                                        gsize           length,
                                        GError        **error);
gboolean   ckpt_encoder_write_opcode   (CkptEncoder    *self,
                                        guint8          opcode,
                                        GError        **error);
/* The opcode that makes a tuple of @n values, which is not empty. */
gboolean   ckpt_encoder_write_tuple_opcode (CkptEncoder *self,
                                        guint64         n,
                                        GError        **error);
/* An opcode and a number of @size bytes. */
gboolean   ckpt_encoder_write_number   (CkptEncoder    *self,
                                        guint8          opcode,
                                        guint64         number,
                                        guint           size,
                                        GError        **error);
gboolean   ckpt_encoder_write_text     (CkptEncoder    *self,
                                        const char     *text,
                                        gsize           length,
                                        GError        **error);
gboolean   ckpt_encoder_write_word     (CkptEncoder    *self,
                                        CkptEncoderWord word,
                                        GError        **error);

/* The memo. */
gboolean   ckpt_encoder_is_put         (CkptEncoder    *self,
                                        CkptNodeId      node);
gboolean   ckpt_encoder_put            (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);
/* PUT of what has no node. */
gboolean   ckpt_encoder_put_other      (CkptEncoder    *self,
                                        GError        **error);
/* GET of memo number @number - 1. */
gboolean   ckpt_encoder_get            (CkptEncoder    *self,
                                        guint32         number,
                                        GError        **error);

/* Values without parts. */
gboolean   ckpt_encoder_write_int      (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);
gboolean   ckpt_encoder_write_string   (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);
gboolean   ckpt_encoder_write_bytes    (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);
gboolean   ckpt_encoder_write_global   (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);
/* Copies bytes @offset to @offset + @length of the text of a node. */
gboolean   ckpt_encoder_read_text      (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        guint64         offset,
                                        gpointer        buffer,
                                        gsize           length,
                                        GError        **error);
gboolean   ckpt_encoder_copy_text      (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);

/* Values with parts. Each step writes as far as the next part, and has that written. */
gboolean   ckpt_encoder_visit          (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        GError        **error);
gboolean   ckpt_encoder_enter          (CkptEncoder    *self,
                                        const CkptEncoderFrame *frame,
                                        GError        **error);
/* The arguments of a class that copies what the containers among them hold. */
gboolean   ckpt_encoder_enter_copied   (CkptEncoder    *self,
                                        CkptNodeId      args,
                                        GError        **error);
/* The value that was entered last is done. */
gboolean   ckpt_encoder_leave          (CkptEncoder    *self);
/* The same, for a value that enters the memo only now: if it got there while it was written, what was written is dropped, which
 * takes @drop, and fetched from there. */
gboolean   ckpt_encoder_leave_made     (CkptEncoder    *self,
                                        CkptNodeId      node,
                                        const char     *drop,
                                        GError        **error);
gboolean   ckpt_encoder_step_object    (CkptEncoder    *self,
                                        GError        **error);
gboolean   ckpt_encoder_step_arguments (CkptEncoder    *self,
                                        GError        **error);

/* How Python 2 called what Python 3 calls @module and @name. */
void       ckpt_python2_spell          (const char    **module,
                                        const char    **name);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ckpt-encoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "io/ckpt-alloc.h"
#include "io/ckpt-limits.h"

#define FIRST_FRAMES 64u
/* Lists that are written within themselves, one within another, without anything new. */
#define MAX_STALE 16u
/* Parts of the longest id of torch.save(). */
#define ID_LENGTH 6u
/* Values that are within each other: more than a pickle can nest them, as a value may be written again within itself. */
#define MAX_FRAMES (4 * CKPT_LIMIT_DEPTH)

/* CPython's C pickler (Modules/_pickle.c) decides what is written here: save_tuple(), batch_list_exact(), batch_dict_exact(), batch_list(),
 * batch_dict() and save_reduce(). */

static inline gboolean
is_fresh (CkptEncoder *self, CkptNodeId node)
{
  return (ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_FRESH) != 0;
}

/* Whether a list or dict that is being written is to be written again within itself. CPython does so where an object that holds a copy of it
 * is met before it is complete. An object that can only be made of a list that holds it gets the list as it is. */
static gboolean
is_written_within (CkptEncoder *self, CkptNodeId node)
{
  return ckpt_encoder_has_bit (self, self->open, node) && self->n_stale < MAX_STALE;
}

/* Whether a value that tuple @args holds is written anew. */
static gboolean
is_argument_anew (CkptEncoder *self, const CkptEncoderFrame *args, CkptNodeId node)
{
  CkptKind kind = ckpt_nodes_get_kind (self->nodes, node);

  if (kind != CKPT_KIND_LIST && kind != CKPT_KIND_DICT)
    return FALSE;
  if (is_fresh (self, args->node) && is_fresh (self, node))
    return self->n_stale < MAX_STALE;
  return args->is_copied && is_written_within (self, node);
}

gboolean
ckpt_encoder_enter (CkptEncoder *self, const CkptEncoderFrame *frame, GError **error)
{
  if (self->n_frames == MAX_FRAMES)
    return ckpt_error_set (
        error, CKPT_ERROR_LIMIT, "pickle-depth",
        _ ("The values are nested too deep, or hold each other in a way that cannot be written."));
  if (self->n_frames == self->n_frames_allocated)
    {
      guint32 n_wanted = MAX (self->n_frames_allocated * 2, FIRST_FRAMES);
      CkptEncoderFrame *frames = ckpt_try_realloc (self->frames, n_wanted * sizeof (CkptEncoderFrame), error);

      if (frames == NULL)
        return FALSE;
      self->frames = frames;
      self->n_frames_allocated = n_wanted;
    }
  self->frames[self->n_frames++] = *frame;
  return TRUE;
}

gboolean
ckpt_encoder_leave (CkptEncoder *self)
{
  const CkptEncoderFrame *frame = &self->frames[--self->n_frames];

  if (frame->is_outermost)
    ckpt_encoder_set_bit (self, self->open, frame->node, FALSE);
  if (frame->is_stale && self->n_stale > 0)
    self->n_stale--;
  return TRUE;
}

gboolean
ckpt_encoder_leave_made (CkptEncoder *self, CkptNodeId node, const char *drop, GError **error)
{
  gboolean is_anew = self->frames[self->n_frames - 1].is_anew;

  ckpt_encoder_leave (self);
  if (*ckpt_encoder_memo (self, node) == 0 || is_anew)
    return ckpt_encoder_put (self, node, error);
  return ckpt_encoder_write (self, drop, strlen (drop), error) &&
         ckpt_encoder_get (self, *ckpt_encoder_memo (self, node), error);
}

static gboolean
enter_items (CkptEncoder *self, CkptNodeId node, CkptKind kind, GError **error)
{
  CkptEncoderFrame frame = { .node = node, .form = CKPT_ENCODER_ITEMS };

  frame.is_iterated = (ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_ITERATED) != 0;
  frame.is_outermost = !ckpt_encoder_has_bit (self, self->open, node);
  frame.is_stale = *ckpt_encoder_memo (self, node) != 0;
  self->n_stale += frame.is_stale;
  ckpt_encoder_set_bit (self, self->open, node, TRUE);
  return ckpt_encoder_write_opcode (self, kind == CKPT_KIND_DICT ? CKPT_OP_EMPTY_DICT : CKPT_OP_EMPTY_LIST,
                                    error) &&
         ckpt_encoder_put (self, node, error) && ckpt_encoder_enter (self, &frame, error);
}

static gboolean
enter_tuple (CkptEncoder *self, CkptNodeId node, gboolean is_anew, gboolean is_copied, GError **error)
{
  const CkptEncoderFrame frame = { .node = node,
                                   .form = CKPT_ENCODER_TUPLE,
                                   .is_anew = is_anew,
                                   .is_copied = is_copied };
  guint64 n_children = ckpt_nodes_get_length (self->nodes, node);

  if (n_children == 0)
    return ckpt_encoder_write_opcode (self, CKPT_OP_EMPTY_TUPLE, error);
  return (n_children <= 3 || ckpt_encoder_write_opcode (self, CKPT_OP_MARK, error)) &&
         ckpt_encoder_enter (self, &frame, error);
}

gboolean
ckpt_encoder_enter_copied (CkptEncoder *self, CkptNodeId args, GError **error)
{
  return *ckpt_encoder_memo (self, args) != 0
             ? ckpt_encoder_get (self, *ckpt_encoder_memo (self, args), error)
             : enter_tuple (self, args, TRUE, TRUE, error);
}

static gboolean
enter_set (CkptEncoder *self, CkptNodeId node, CkptKind kind, GError **error)
{
  const CkptEncoderFrame frame = { .node = node, .form = CKPT_ENCODER_SET };
  CkptEncoderWord word = kind == CKPT_KIND_SET ? CKPT_ENCODER_SET_CLASS : CKPT_ENCODER_FROZENSET_CLASS;

  return ckpt_encoder_write_word (self, word, error) && ckpt_encoder_enter (self, &frame, error);
}

static gboolean
enter (CkptEncoder *self, CkptNodeId node, CkptKind kind, GError **error)
{
  CkptEncoderFrame frame = { .node = node };

  switch (kind)
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_DICT:
      return enter_items (self, node, kind, error);
    case CKPT_KIND_TUPLE:
      return enter_tuple (self, node, is_fresh (self, node), FALSE, error);
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
      return enter_set (self, node, kind, error);
    default:
      frame.form = kind == CKPT_KIND_OBJECT ? CKPT_ENCODER_OBJECT : CKPT_ENCODER_ID;
      return ckpt_encoder_enter (self, &frame, error);
    }
}

static gboolean
write_float (CkptEncoder *self, double value, GError **error)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return ckpt_encoder_write_number (self, CKPT_OP_BINFLOAT, GUINT64_SWAP_LE_BE (bits), sizeof bits, error);
}

gboolean
ckpt_encoder_visit (CkptEncoder *self, CkptNodeId node, GError **error)
{
  CkptKind kind = ckpt_nodes_get_kind (self->nodes, node);

  if (*ckpt_encoder_memo (self, node) != 0 && !(is_fresh (self, node) && is_written_within (self, node)))
    return ckpt_encoder_get (self, *ckpt_encoder_memo (self, node), error);
  switch (kind)
    {
    case CKPT_KIND_NONE:
      return ckpt_encoder_write_opcode (self, CKPT_OP_NONE, error);
    case CKPT_KIND_BOOL:
      return ckpt_encoder_write_opcode (
          self, ckpt_nodes_get_int (self->nodes, node) != 0 ? CKPT_OP_NEWTRUE : CKPT_OP_NEWFALSE, error);
    case CKPT_KIND_INT:
      return ckpt_encoder_write_int (self, node, error);
    case CKPT_KIND_FLOAT:
      return write_float (self, ckpt_nodes_get_float (self->nodes, node), error);
    case CKPT_KIND_STRING:
      return ckpt_encoder_write_string (self, node, error);
    case CKPT_KIND_BYTES:
      if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_PYTHON2) != 0)
        return ckpt_encoder_write_string (self, node, error);
      return ckpt_encoder_write_bytes (self, node, error);
    case CKPT_KIND_BYTEARRAY:
      return ckpt_encoder_write_bytes (self, node, error);
    case CKPT_KIND_GLOBAL:
      return ckpt_encoder_write_global (self, node, error);
    default:
      return enter (self, node, kind, error);
    }
}

/* Ends the batch that is open, if item @i begins a new one or is after the last. */
static gboolean
end_batch (CkptEncoder *self,
           const CkptEncoderFrame *frame,
           gboolean is_dict,
           guint64 i,
           guint64 n_items,
           GError **error)
{
  if (i == 0 || (i % CKPT_PICKLE_BATCH != 0 && i < n_items))
    return TRUE;
  if (frame->is_single)
    return ckpt_encoder_write_opcode (self, is_dict ? CKPT_OP_SETITEM : CKPT_OP_APPEND, error);
  return ckpt_encoder_write_opcode (self, is_dict ? CKPT_OP_SETITEMS : CKPT_OP_APPENDS, error);
}

static gboolean
leave_items (CkptEncoder *self, gboolean is_dict, gboolean is_iterated, guint64 n_items, GError **error)
{
  ckpt_encoder_leave (self);
  /* A dict of full batches is ended by one without anything in it. */
  if (!is_dict || is_iterated || n_items == 0 || n_items % CKPT_PICKLE_BATCH != 0)
    return TRUE;
  return ckpt_encoder_write (self, "(u", 2, error);
}

static gboolean
step_items (CkptEncoder *self, GError **error)
{
  CkptEncoderFrame *frame = &self->frames[self->n_frames - 1];
  CkptNodeId node = frame->node;
  gboolean is_dict = ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_DICT;
  guint64 n_items = ckpt_nodes_get_length (self->nodes, node) / (is_dict ? 2 : 1);
  guint32 child = frame->next;
  guint32 i = is_dict ? child / 2 : child;

  if (!is_dict || child % 2 == 0)
    {
      if (!end_batch (self, frame, is_dict, i, n_items, error))
        return FALSE;
      if (i == n_items)
        return leave_items (self, is_dict, frame->is_iterated, n_items, error);
      if (i % CKPT_PICKLE_BATCH == 0)
        {
          frame->is_single = n_items == 1 || (frame->is_iterated && n_items - i == 1);
          if (!frame->is_single && !ckpt_encoder_write_opcode (self, CKPT_OP_MARK, error))
            return FALSE;
        }
    }
  frame->next++;
  return ckpt_encoder_visit (self, ckpt_nodes_get_child (self->nodes, node, child), error);
}

static gboolean
step_tuple (CkptEncoder *self, GError **error)
{
  CkptEncoderFrame *frame = &self->frames[self->n_frames - 1];
  CkptNodeId node = frame->node;
  guint64 n_children = ckpt_nodes_get_length (self->nodes, node);
  static const char *drops[] = { "", "0", "00", "000" };
  gboolean is_dropped;

  if (frame->next < n_children)
    {
      CkptNodeId child = ckpt_nodes_get_child (self->nodes, node, frame->next++);

      return is_argument_anew (self, frame, child)
                 ? enter (self, child, ckpt_nodes_get_kind (self->nodes, child), error)
                 : ckpt_encoder_visit (self, child, error);
    }
  is_dropped = *ckpt_encoder_memo (self, node) != 0 && !frame->is_anew;
  if (!is_dropped && !ckpt_encoder_write_tuple_opcode (self, n_children, error))
    return FALSE;
  return ckpt_encoder_leave_made (self, node, n_children <= 3 ? drops[n_children] : "1", error);
}

/* set (list), with a list that is made for this. */
static gboolean
step_set (CkptEncoder *self, GError **error)
{
  CkptEncoderFrame *frame = &self->frames[self->n_frames - 1];
  const CkptEncoderFrame items = { .node = frame->node, .form = CKPT_ENCODER_ITEMS };

  if (frame->next++ == 0)
    return ckpt_encoder_write_opcode (self, CKPT_OP_EMPTY_LIST, error) &&
           ckpt_encoder_put_other (self, error) && ckpt_encoder_enter (self, &items, error);
  return ckpt_encoder_write_opcode (self, CKPT_OP_TUPLE1, error) && ckpt_encoder_put_other (self, error) &&
         ckpt_encoder_write_opcode (self, CKPT_OP_REDUCE, error) &&
         ckpt_encoder_leave_made (self, items.node, "0", error);
}

static gboolean
step_id (CkptEncoder *self, GError **error)
{
  CkptEncoderFrame *frame = &self->frames[self->n_frames - 1];
  CkptNodeId node = frame->node;
  CkptNodeId id = ckpt_nodes_get_child (self->nodes, node, 0);

  if (frame->next++ > 0)
    return ckpt_encoder_write_opcode (self, CKPT_OP_BINPERSID, error) &&
           ckpt_encoder_leave_made (self, node, "0", error);
  /* torch.save() makes the tuple of an id anew for each use of its storage. Others may be large, and are written once. */
  if (ckpt_encoder_has_bit (self, self->twice, node) &&
      ckpt_nodes_get_kind (self->nodes, id) == CKPT_KIND_TUPLE &&
      ckpt_nodes_get_length (self->nodes, id) <= ID_LENGTH && !is_fresh (self, id))
    return enter_tuple (self, id, TRUE, FALSE, error);
  return ckpt_encoder_visit (self, id, error);
}

static gboolean
encode_all (CkptEncoder *self, CkptNodeId root, GError **error)
{
  static gboolean (*const steps[]) (CkptEncoder *, GError **) = {
    [CKPT_ENCODER_ITEMS] = step_items,
    [CKPT_ENCODER_TUPLE] = step_tuple,
    [CKPT_ENCODER_SET] = step_set,
    [CKPT_ENCODER_OBJECT] = ckpt_encoder_step_object,
    [CKPT_ENCODER_ARGUMENTS] = ckpt_encoder_step_arguments,
    [CKPT_ENCODER_ID] = step_id,
  };

  if (!ckpt_encoder_write_number (self, CKPT_OP_PROTO, 2, 1, error) ||
      !ckpt_encoder_visit (self, root, error))
    return FALSE;
  while (self->n_frames > 0)
    if (!steps[self->frames[self->n_frames - 1].form](self, error))
      return FALSE;
  return ckpt_encoder_write_opcode (self, CKPT_OP_STOP, error) && ckpt_encoder_flush (self, error);
}

static gboolean
encoder_init (CkptEncoder *self, GError **error)
{
  const guint64 n = ckpt_nodes_get_n (self->nodes);
  const gsize n_bit_bytes = n / 8 + 1;

  self->memo = ckpt_try_malloc ((n + 1) * sizeof *self->memo, error);
  self->twice = self->memo != NULL ? ckpt_try_malloc (2 * n_bit_bytes, error) : NULL;
  if (self->twice == NULL)
    return FALSE;
  memset (self->memo, 0, (n + 1) * sizeof *self->memo);
  memset (self->twice, 0, 2 * n_bit_bytes);
  self->open = self->twice + n_bit_bytes;
  return TRUE;
}

static void
encoder_clear (CkptEncoder *self)
{
  g_free (self->buffer);
  g_free (self->memo);
  g_free (self->twice);
  g_free (self->frames);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CkptEncoder, encoder_clear)

/**
 * ckpt_encode:
 * @nodes: values, unedited or of any version
 * @archive: (nullable): the records that long texts are copied from; %NULL if there are none
 * @root: the value to write
 * @sink: where to
 * @error: return location
 *
 * Writes a pickle of protocol 2, with the opcodes, batches and memo numbers of CPython's C pickler: values that were read from what it wrote
 * at protocol 2, and not edited, give the same bytes. What protocol 2 has no opcode for, such as bytes, is said by calls, as CPython does.
 * A value that is reached by several ways is written once.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT or %CKPT_ERROR_UNSUPPORTED for what cannot be written, or with an error of reading the file or of
 *   the sink, which may have got a part by then
 */
gboolean
ckpt_encode (const CkptNodes *nodes,
             CkptArchive *archive,
             CkptNodeId root,
             const CkptSink *sink,
             GError **error)
{
  g_auto (CkptEncoder) self = { .nodes = nodes, .archive = archive, .sink = sink };

  return encoder_init (&self, error) && ckpt_encoder_scan (&self, root, error) &&
         encode_all (&self, root, error);
}

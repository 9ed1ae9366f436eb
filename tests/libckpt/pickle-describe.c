/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pickle-describe.h"

#include <string.h>

#include "model/ckpt-number.h"
#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-opcodes.h"

typedef struct
{
  const CkptNodes *nodes;
  GString *out;
  GArray *path; /* element-type CkptNodeId */
} Describer;

static void describe (Describer *self, CkptNodeId node);

static void
describe_text (Describer *self, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] == '\n')
      g_string_append (self->out, "\\n");
    else if (text[i] == '\\')
      g_string_append (self->out, "\\\\");
    else if (g_ascii_isprint (text[i]))
      g_string_append_c (self->out, text[i]);
    else
      g_string_append_printf (self->out, "\\%03o", (guchar) text[i]);
}

static void
describe_quoted (Describer *self, CkptNodeId node, const char *prefix)
{
  gsize length;
  const char *text = ckpt_nodes_get_text (self->nodes, node, &length);

  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_PYTHON2) != 0)
    g_string_append_c (self->out, '2');
  g_string_append (self->out, prefix);
  g_string_append_c (self->out, '\'');
  describe_text (self, text, length);
  g_string_append_c (self->out, '\'');
  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_LONG) != 0)
    g_string_append_printf (self->out, "...%" G_GUINT64_FORMAT, ckpt_nodes_get_length (self->nodes, node));
}

static void
describe_global (Describer *self, CkptNodeId node)
{
  gsize length;
  const char *text = ckpt_nodes_get_text (self->nodes, node, &length);
  gsize module = (const char *) memchr (text, '\n', length) - text;

  g_string_append_c (self->out, '<');
  describe_text (self, text, module);
  g_string_append_c (self->out, ':');
  describe_text (self, text + module + 1, length - module - 1);
  g_string_append_c (self->out, '>');
}

static void
describe_int (Describer *self, CkptNodeId node)
{
  CkptNodeFlags flags = ckpt_nodes_get_flags (self->nodes, node);
  const char *text;
  gsize length;

  if ((flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) == 0)
    {
      g_string_append_printf (self->out, "%" G_GINT64_FORMAT, ckpt_nodes_get_int (self->nodes, node));
      return;
    }
  text = ckpt_nodes_get_text (self->nodes, node, &length);
  g_string_append (self->out, (flags & CKPT_NODE_DECIMAL) != 0 ? "digits " : "bytes ");
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (self->out, (flags & CKPT_NODE_DECIMAL) != 0 ? "%c" : "%02x", (guchar) text[i]);
}

static void
describe_list (Describer *self, CkptNodeId node, const char *open, const char *close)
{
  gboolean is_dict = ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_DICT;
  guint32 n_children;
  const CkptNodeId *children = ckpt_nodes_get_children (self->nodes, node, &n_children);

  g_string_append (self->out, open);
  for (guint32 i = 0; i < n_children; i++)
    {
      if (i > 0)
        g_string_append (self->out, is_dict && i % 2 == 1 ? ": " : ", ");
      describe (self, children[i]);
    }
  g_string_append (self->out, close);
}

static void
describe_object (Describer *self, CkptNodeId node)
{
  static const char *const before[CKPT_N_SLOTS] = { "", ", ", ", kwargs=", ", state=", ", dict=", ", list=" };

  g_string_append (self->out, ckpt_opcode_get_info (ckpt_nodes_get_opcode (self->nodes, node))->name);
  g_string_append_c (self->out, '(');
  for (CkptSlot slot = 0; slot < CKPT_N_SLOTS; slot++)
    if (ckpt_nodes_get_slot (self->nodes, node, slot) != CKPT_NO_NODE)
      {
        g_string_append (self->out, before[slot]);
        describe (self, ckpt_nodes_get_slot (self->nodes, node, slot));
      }
  g_string_append_c (self->out, ')');
}

static void
describe_kind (Describer *self, CkptNodeId node)
{
  g_autofree char *number = NULL;
  guint32 n_children;

  switch (ckpt_nodes_get_kind (self->nodes, node))
    {
    case CKPT_KIND_NONE:
      g_string_append (self->out, "None");
      break;
    case CKPT_KIND_BOOL:
      g_string_append (self->out, ckpt_nodes_get_int (self->nodes, node) ? "True" : "False");
      break;
    case CKPT_KIND_INT:
      describe_int (self, node);
      break;
    case CKPT_KIND_FLOAT:
      number = ckpt_number_to_string (ckpt_nodes_get_float (self->nodes, node));
      g_string_append (self->out, number);
      break;
    case CKPT_KIND_STRING:
      describe_quoted (self, node, "");
      break;
    case CKPT_KIND_BYTES:
      describe_quoted (self, node, "b");
      break;
    case CKPT_KIND_BYTEARRAY:
      describe_quoted (self, node, "bytearray");
      break;
    case CKPT_KIND_GLOBAL:
      describe_global (self, node);
      break;
    case CKPT_KIND_LIST:
      describe_list (self, node, "[", "]");
      break;
    case CKPT_KIND_TUPLE:
      ckpt_nodes_get_children (self->nodes, node, &n_children);
      describe_list (self, node, "(", n_children == 1 ? ",)" : ")");
      break;
    case CKPT_KIND_DICT:
      describe_list (self, node, "{", "}");
      break;
    case CKPT_KIND_SET:
      describe_list (self, node, "set(", ")");
      break;
    case CKPT_KIND_FROZENSET:
      describe_list (self, node, "frozenset(", ")");
      break;
    case CKPT_KIND_PERSISTENT_ID:
      g_string_append (self->out, ckpt_opcode_get_info (ckpt_nodes_get_opcode (self->nodes, node))->name);
      describe_list (self, node, "(", ")");
      break;
    case CKPT_KIND_OBJECT:
      describe_object (self, node);
      break;
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_STORAGE:
    default:
      g_assert_not_reached ();
    }
}

static void
describe (Describer *self, CkptNodeId node)
{
  for (guint i = 0; i < self->path->len; i++)
    if (g_array_index (self->path, CkptNodeId, i) == node)
      {
        g_string_append_printf (self->out, "&%u", i);
        return;
      }
  g_array_append_val (self->path, node);
  describe_kind (self, node);
  g_array_set_size (self->path, self->path->len - 1);
  if ((ckpt_nodes_get_flags (self->nodes, node) & CKPT_NODE_PUT) != 0)
    g_string_append_c (self->out, '*');
}

char *
pickle_describe_node (const CkptNodes *nodes, CkptNodeId node)
{
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  Describer self = { .nodes = nodes, .out = g_string_new (NULL), .path = path };

  describe (&self, node);
  return g_string_free (self.out, FALSE);
}

char *
pickle_describe (const void *bytes, gsize length)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (bytes, length, "pickle");
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;
  CkptPickleInfo info;
  GString *out;

  if (!ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error))
    {
      const CkptPlace *place = ckpt_error_get_place (error);

      g_assert_cmpstr (place->record, ==, "pickle");
      return g_strdup_printf ("%s@%" G_GUINT64_FORMAT "%s%s", place->code, place->offset,
                              place->element != NULL ? " " : "",
                              place->element != NULL ? place->element : "");
    }
  value = pickle_describe_node (nodes, info.root);
  out = g_string_new (value);
  for (guint i = 0; i < ckpt_warnings_get_n (warnings); i++)
    {
      const CkptPlace *place = &ckpt_warnings_get (warnings, i)->place;

      g_assert_cmpstr (place->record, ==, "pickle");
      g_string_append_printf (out, "%s%s@%" G_GUINT64_FORMAT, i == 0 ? " | " : " ", place->code,
                              place->offset);
    }
  return g_string_free (out, FALSE);
}

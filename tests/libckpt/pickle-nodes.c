/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prints what the decoder makes of pickles, for pickles.py. Its input is pickle after pickle, each after its length in 8 bytes. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pickle/ckpt-decoder.h"
#include "pickle/ckpt-opcodes.h"

static void
print_hex (const char *text, gsize length)
{
  putchar (' ');
  for (gsize i = 0; i < length; i++)
    printf ("%02x", (guchar) text[i]);
}

static void
print_opcode (guint64 position, guint8 opcode, gpointer user_data)
{
  printf ("op %" G_GUINT64_FORMAT " %s\n", position, ckpt_opcode_get_info (opcode)->name);
}

static void
print_error (const char *word, const GError *error)
{
  const CkptPlace *place = ckpt_error_get_place (error);

  if (place == NULL)
    printf ("%s other -1\n", word);
  else
    printf ("%s %s %" G_GINT64_FORMAT "\n", word, place->code, (gint64) place->offset);
}

static void
print_text (CkptNodes *nodes, CkptNodeId node)
{
  gsize length;
  const char *text = ckpt_nodes_get_text (nodes, node, &length);
  guint64 position;
  guint32 record;

  if (ckpt_nodes_get_long_place (nodes, node, &record, &position))
    printf (" long %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, position, ckpt_nodes_get_length (nodes, node));
  else
    fputs (" text", stdout);
  print_hex (text, length);
}

static void
print_children (CkptNodes *nodes, CkptNodeId node)
{
  guint32 n_children;
  const CkptNodeId *children = ckpt_nodes_get_children (nodes, node, &n_children);

  fputs (" children", stdout);
  for (guint32 i = 0; i < n_children; i++)
    printf (" %d", (gint32) children[i]);
}

static void
print_node (CkptNodes *nodes, CkptNodeId node)
{
  CkptKind kind = ckpt_nodes_get_kind (nodes, node);
  CkptNodeFlags flags = ckpt_nodes_get_flags (nodes, node);
  double value;

  printf ("node %u %d %d %s", node, kind, flags,
          ckpt_nodes_get_opcode (nodes, node) != 0
              ? ckpt_opcode_get_info (ckpt_nodes_get_opcode (nodes, node))->name
              : "-");
  switch (kind)
    {
    case CKPT_KIND_NONE:
      break;
    case CKPT_KIND_FLOAT:
      value = ckpt_nodes_get_float (nodes, node);
      print_hex ((const char *) &value, sizeof value);
      break;
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
      if ((flags & (CKPT_NODE_BIG_INT | CKPT_NODE_DECIMAL)) == 0)
        printf (" %" G_GINT64_FORMAT, ckpt_nodes_get_int (nodes, node));
      else
        print_text (nodes, node);
      break;
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
      print_text (nodes, node);
      break;
    default:
      print_children (nodes, node);
      break;
    }
  putchar ('\n');
}

static void
print_value (const guint8 *data, gsize length)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (data, length, "pickle");
  g_autoptr (CkptNodes) nodes = ckpt_nodes_new ();
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  g_autoptr (GError) error = NULL;
  CkptPickleInfo info;

  if (!ckpt_decode_pickle (reader, nodes, warnings, NULL, NULL, NULL, &info, &error))
    print_error ("error", error);
  else
    {
      printf ("root %u %d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", info.root, info.protocol,
              info.n_opcodes, info.end);
      for (CkptNodeId i = 0; i < ckpt_nodes_get_n (nodes); i++)
        print_node (nodes, i);
    }
  for (guint i = 0; i < ckpt_warnings_get_n (warnings); i++)
    printf ("warning %s %" G_GUINT64_FORMAT "\n", ckpt_warnings_get (warnings, i)->place.code,
            ckpt_warnings_get (warnings, i)->place.offset);
}

static void
print_opcodes (const guint8 *data, gsize length)
{
  g_autoptr (CkptReader) reader = ckpt_reader_new_for_data (data, length, "pickle");
  g_autoptr (GError) error = NULL;

  if (!ckpt_scan_pickle (reader, print_opcode, NULL, &error))
    print_error ("scan-error", error);
  else
    printf ("scan-end %" G_GUINT64_FORMAT "\n", ckpt_reader_get_position (reader));
}

int
main (void)
{
  guint64 length;

  while (fread (&length, sizeof length, 1, stdin) == 1)
    {
      g_autofree guint8 *data = g_malloc (MAX (length, 1));

      if (fread (data, 1, length, stdin) != length)
        return 1;
      print_opcodes (data, length);
      print_value (data, length);
      puts ("end");
      fflush (stdout);
    }
  return 0;
}

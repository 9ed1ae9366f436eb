/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-recognise.h"

#include "model/ckpt-text.h"
#include "model/ckpt-ties.h"

#include <string.h>

/* Characters of a location tag that are kept. */
#define MAX_LOCATION 200

/**
 * ckpt_recogniser_get_items:
 * @self: a recogniser
 * @node: a value, or %CKPT_NO_NODE
 * @n: (out): how many
 *
 * Returns: (array length=n) (transfer none) (nullable): the items of a raw tuple or list, valid until a node is added
 */
const CkptNodeId *
ckpt_recogniser_get_items (CkptRecogniser *self, CkptNodeId node, guint32 *n)
{
  static const CkptNodeId none[1];
  const CkptNodeId *items;
  CkptKind kind;

  *n = 0;
  if (node == CKPT_NO_NODE)
    return NULL;

  kind = ckpt_nodes_get_kind (self->nodes, node);
  if (kind != CKPT_KIND_TUPLE && kind != CKPT_KIND_LIST)
    return NULL;

  items = ckpt_nodes_get_children (self->nodes, node, n);
  return *n > 0 ? items : none;
}

/**
 * ckpt_recogniser_get_global:
 * @self: a recogniser
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: (transfer none) (nullable): the class or function that it names
 */
const CkptGlobal *
ckpt_recogniser_get_global (CkptRecogniser *self, CkptNodeId node)
{
  CkptRecentGlobal *recent = &self->recent[node % CKPT_N_RECENT_GLOBALS];

  if (node == CKPT_NO_NODE)
    return NULL;

  if (recent->node_plus_1 != node + 1)
    {
      recent->node_plus_1 = node + 1;
      recent->global = ckpt_tree_peek_global (self->tree, node);
    }
  return recent->global;
}

/**
 * ckpt_recogniser_get_name:
 * @self: a recogniser
 * @node: a value, or %CKPT_NO_NODE
 *
 * Returns: what a global is known as; %CKPT_NAME_UNKNOWN for everything else
 */
CkptName
ckpt_recogniser_get_name (CkptRecogniser *self, CkptNodeId node)
{
  const CkptGlobal *global = ckpt_recogniser_get_global (self, node);

  return global != NULL ? global->name : CKPT_NAME_UNKNOWN;
}

/**
 * ckpt_recogniser_is_text:
 * @self: a recogniser
 * @node: a value, or %CKPT_NO_NODE
 * @text: a text
 *
 * Returns: whether @node is that text, or the same as bytes, as files that Python 2 wrote have it
 */
gboolean
ckpt_recogniser_is_text (CkptRecogniser *self, CkptNodeId node, const char *text)
{
  CkptKind kind;
  const char *found;
  gsize length;

  if (node == CKPT_NO_NODE)
    return FALSE;

  kind = ckpt_nodes_get_kind (self->nodes, node);
  if (kind != CKPT_KIND_STRING && kind != CKPT_KIND_BYTES)
    return FALSE;

  found = ckpt_nodes_get_text (self->nodes, node, &length);
  return length == strlen (text) && memcmp (found, text, length) == 0;
}

/**
 * ckpt_recogniser_get_location:
 * @self: a recogniser
 * @node: a location tag, such as the text "cuda:1"
 *
 * Returns: (transfer none): the tag, escaped and of bounded length; "?" for what is no text
 */
const char *
ckpt_recogniser_get_location (CkptRecogniser *self, CkptNodeId node)
{
  g_autofree char *escaped = NULL;
  const char *text;
  CkptKind kind;
  gsize length;

  if (node == self->location_node)
    return self->location;

  kind = ckpt_nodes_get_kind (self->nodes, node);
  if (kind != CKPT_KIND_STRING && kind != CKPT_KIND_BYTES)
    return "?";

  text = ckpt_nodes_get_text (self->nodes, node, &length);
  escaped = ckpt_text_escape (text, length, MAX_LOCATION);
  self->location_node = node;
  self->location = ckpt_tree_intern (self->tree, escaped);
  return self->location;
}

/* Names and storages first: tensors need them. */
static void
do_names_and_ids (CkptRecogniser *self, CkptNodeId first, guint32 n)
{
  for (CkptNodeId node = first; node < n && self->error == NULL; node++)
    {
      CkptKind kind = ckpt_nodes_get_kind (self->nodes, node);

      if (kind == CKPT_KIND_GLOBAL)
        ckpt_tree_add_global (self->tree, node, &self->error);
      else if (kind == CKPT_KIND_PERSISTENT_ID && ckpt_nodes_get_tag (self->nodes, node) == 0)
        ckpt_recogniser_do_persistent_id (self, node);
    }
}

/* In ascending order: what a call is given was made before it. */
static void
do_objects (CkptRecogniser *self, CkptNodeId first, guint32 n)
{
  for (CkptNodeId node = first; node < n && self->error == NULL; node++)
    if (ckpt_nodes_get_kind (self->nodes, node) == CKPT_KIND_OBJECT &&
        ckpt_nodes_get_tag (self->nodes, node) == 0 && !ckpt_recogniser_do_tensor (self, node))
      ckpt_recogniser_do_value (self, node);

  for (guint i = 0; i < self->deferred->len && self->error == NULL; i++)
    ckpt_recogniser_do_deferred (self, g_array_index (self->deferred, CkptNodeId, i));
}

static void
do_keys (CkptRecogniser *self, guint32 n)
{
  for (CkptNodeId node = 0; node < n && self->error == NULL; node++)
    {
      CkptKind kind = ckpt_nodes_get_kind (self->nodes, node);

      if (kind == CKPT_KIND_DICT || kind == CKPT_KIND_SET || kind == CKPT_KIND_FROZENSET)
        ckpt_recogniser_do_keys (self, node);
    }
}

static void
do_ties (CkptRecogniser *self)
{
  g_autofree guint32 *ties = ckpt_ties_find (self->tree, NULL, &self->error);

  for (guint i = 0; ties != NULL && i < ckpt_tree_get_n_tensors (self->tree); i++)
    ((CkptTensor *) ckpt_chunks_get (self->tree->tensors, i))->tied_to = ties[i];
}

/**
 * ckpt_tree_recognise:
 * @self: a tree whose nodes are decoded
 * @style: how persistent ids are written in this container
 * @locate_storages: (nullable) (scope call): finds the bytes of the storages
 * @error: return location
 *
 * Finds out what the calls that the pickle describes would make: storages, tensors, dicts, sets and so on. Nothing is called. What
 * makes no sense is warned of and stays in the tree.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT, or the error of @locate_storages
 */
gboolean
ckpt_tree_recognise (CkptTree *self,
                     CkptPersistentStyle style,
                     CkptLocateStoragesFunc locate_storages,
                     gpointer user_data,
                     GError **error)
{
  g_autoptr (GArray) deferred = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  guint32 n = ckpt_nodes_get_n (self->nodes);
  CkptRecogniser recogniser = {
    .tree = self,
    .nodes = self->nodes,
    .warnings = self->warnings,
    .style = style,
    .location_node = CKPT_NO_NODE,
    .deferred = deferred,
  };

  self->style = style;
  do_names_and_ids (&recogniser, 0, n);
  if (recogniser.error == NULL && locate_storages != NULL)
    locate_storages (self, user_data, &recogniser.error);
  if (recogniser.error == NULL)
    ckpt_recogniser_check_storages (&recogniser);
  do_objects (&recogniser, 0, n);
  do_keys (&recogniser, n);
  if (recogniser.error == NULL)
    do_ties (&recogniser);

  if (recogniser.error != NULL)
    {
      g_propagate_error (error, recogniser.error);
      return FALSE;
    }
  return TRUE;
}

/**
 * ckpt_tree_recognise_new:
 * @self: a version of a tree that is being made
 * @first: the first of the values that were added
 * @error: return location
 *
 * Finds out what values that an edit has added stand for, unless they were copied with what they stand for. Nothing is warned of.
 *
 * Returns: %FALSE with %CKPT_ERROR_LIMIT
 */
gboolean
ckpt_tree_recognise_new (CkptTree *self, CkptNodeId first, GError **error)
{
  g_autoptr (GArray) deferred = g_array_new (FALSE, FALSE, sizeof (CkptNodeId));
  g_autoptr (CkptWarnings) warnings = ckpt_warnings_new ();
  guint32 n = ckpt_nodes_get_n (self->nodes);
  CkptRecogniser recogniser = {
    .tree = self,
    .nodes = self->nodes,
    .warnings = warnings,
    .style = self->style,
    .location_node = CKPT_NO_NODE,
    .deferred = deferred,
  };

  do_names_and_ids (&recogniser, first, n);
  do_objects (&recogniser, first, n);
  if (recogniser.error == NULL)
    return TRUE;

  g_propagate_error (error, recogniser.error);
  return FALSE;
}

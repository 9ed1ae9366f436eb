/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "stateroom-tree-view-private.h"

/* The word that ends at the cursor. */
static char *
dup_word_at_cursor (GtkEditable *editable, int *begin)
{
  int cursor = gtk_editable_get_position (editable);
  g_autofree char *before = gtk_editable_get_chars (editable, 0, cursor);
  const char *blank = strrchr (before, ' ');
  const char *word = blank != NULL ? blank + 1 : before;

  *begin = (int) g_utf8_pointer_to_offset (before, word);
  return g_strdup (word);
}

/* Tab goes on with a term where that is certain; else it leaves the entry. */
static gboolean
complete (StateroomTreeView *self)
{
  GtkEditable *editable = GTK_EDITABLE (self->search_entry);
  int begin, end = gtk_editable_get_position (editable);
  g_autofree char *word = dup_word_at_cursor (editable, &begin);
  g_autofree char *whole = stateroom_search_terms_complete (self->search_terms, word);

  if (whole == NULL)
    return FALSE;
  gtk_editable_delete_text (editable, begin, end);
  gtk_editable_insert_text (editable, whole, -1, &begin);
  gtk_editable_set_position (editable, begin);
  return TRUE;
}

static gboolean
on_key_pressed (StateroomTreeView *self, guint keyval, guint keycode, GdkModifierType state)
{
  return keyval == GDK_KEY_Tab && (state & gtk_accelerator_get_default_mod_mask ()) == 0 && complete (self);
}

/**
 * stateroom_tree_view_add_completion:
 *
 * Lets the entry of the search complete terms.
 */
void
stateroom_tree_view_add_completion (StateroomTreeView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search_entry), keys);
}

/**
 * stateroom_tree_view_on_term_chosen:
 * @term: such as "dtype:float16"
 * @is_example: whether what follows the colon is to be changed
 *
 * Puts a term at the end of what is searched for.
 */
void
stateroom_tree_view_on_term_chosen (StateroomTreeView *self, const char *term, gboolean is_example)
{
  GtkEditable *editable = GTK_EDITABLE (self->search_entry);
  g_autofree char *before = g_strchomp (g_strdup (gtk_editable_get_text (editable)));
  g_autofree char *text = g_strconcat (before, before[0] != '\0' ? " " : "", term, NULL);
  int end = (int) g_utf8_strlen (text, -1);
  const char *colon = strchr (term, ':');

  gtk_editable_set_text (editable, text);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  if (is_example && colon != NULL)
    gtk_editable_select_region (editable, end - (int) g_utf8_strlen (colon + 1, -1), end);
  else
    gtk_editable_set_position (editable, end);
}
